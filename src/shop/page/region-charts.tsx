import { formatCount, formatSeconds, TimeChart, useFrame } from '../../page/module.tsx';
import { perMinute } from './overview.tsx';
import { figuresOf, isKnown, type Regions } from './region-state.ts';

/** Charts of the outbox, the delay and the orders of each region. */
export function RegionCharts({ regions }: { readonly regions: Regions['regions'] }) {
  const { history, now } = useFrame();
  const states = history['regions'] ?? [];
  const names = Object.entries(regions).flatMap(([name, region]) => (isKnown(region) ? [name] : []));
  return (
    <>
      {names.map((name) => (
        <section key={name}>
          <h2>{name}</h2>
          <div class="charts">
            <TimeChart
              title="Events not shipped"
              points={figuresOf(states, name, 'unshipped')}
              format={(value) => formatCount(value)}
            />
            <TimeChart
              title="Delay"
              points={figuresOf(states, name, 'lagSeconds')}
              format={(value) => formatSeconds(Math.round(value))}
            />
            <TimeChart
              title="Orders a minute"
              points={perMinute(figuresOf(states, name, 'orders'), now)}
              format={(value) => formatCount(value)}
            />
          </div>
        </section>
      ))}
    </>
  );
}
