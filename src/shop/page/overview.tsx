/** The regions in the overview. */
import { useFrame, useLive } from '../../page/frame/context.ts';
import { Empty, Figure, HealthMark, Table } from '../../page/frame/parts.tsx';
import { Sparkline } from '../../page/frame/sparkline-chart.tsx';
import { formatCount } from '../../page/frame/text.ts';
import type { OverviewPart } from '../../page/overview/overview.tsx';
import { figuresOf, isKnown, type Regions, regionVerdict } from './region-state.ts';

export const regionsInOverview: OverviewPart = {
  needs: 'listRegions',
  Content: RegionsPart,
  useVerdicts() {
    const { value } = useLive<Regions>('regions');
    return value === undefined
      ? undefined
      : Object.entries(value.regions)
          .filter(([, region]) => region !== null)
          .map(([name, region]) => ({ name, ...regionVerdict(name, region) }));
  },
};

function RegionsPart() {
  const { history } = useFrame();
  const { value, error } = useLive<Regions>('regions');
  if (error !== undefined) {
    return <Empty>The state of the regions is unknown: {error}</Empty>;
  }
  const states = Object.entries(value?.regions ?? {});
  return states.length === 0 ? null : (
    <>
      <h2>
        <a href="#/regions">Regions</a>
      </h2>
      <Table label="Regions" head={['Region', 'State', 'Orders', 'Not shipped', 'Lately', 'What to do']}>
        {states.map(([name, region]) => {
          const { health, advice } = regionVerdict(name, region);
          const known = isKnown(region) ? region : undefined;
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <HealthMark health={health} />
              </td>
              <Figure>{region === null ? '—' : formatCount(known?.orders)}</Figure>
              <Figure>{region === null ? '—' : formatCount(known?.unshipped)}</Figure>
              <td>
                <Sparkline
                  values={figuresOf(history['regions'] ?? [], name, 'unshipped')}
                  label={`Events of ${name} that were not shipped, since the page was opened`}
                />
              </td>
              <td class="prose">{advice}</td>
            </tr>
          );
        })}
      </Table>
    </>
  );
}
