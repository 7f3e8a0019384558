/** The regions screen: their contents, unshipped events, relays and connections. */
import { useState } from 'preact/hooks';
import {
  ask,
  Command,
  Confirmation,
  Empty,
  Problem,
  summaryOf,
  useAction,
  useLive,
  useMayWrite,
  Waiting,
} from '../../page/module.tsx';
import type { Central } from './central-state.ts';
import { RegionCharts } from './region-charts.tsx';
import { type Regions, regionVerdict } from './region-state.ts';
import { RegionTable, type Turn, turnPath } from './region-table.tsx';
import { Shipping } from './shipping.tsx';

const REGIONS = '/api/shop/regions';

export function RegionsScreen() {
  const { value, error } = useLive<Regions>('regions');
  const central = useLive<Central>('central').value;
  const mayWrite = useMayWrite();
  const action = useAction();
  const [asked, setAsked] = useState<Turn>();
  const turn = ({ region, verb }: Turn) => {
    setAsked(undefined);
    void action.run(async () => void (await ask('POST', `${REGIONS}/${encodeURIComponent(region)}/${turnPath(verb)}`)));
  };
  const verdicts = Object.entries(value?.regions ?? {})
    .filter(([, region]) => region !== null)
    .map(([name, region]) => ({ name, ...regionVerdict(name, region, central?.regions[name]) }));
  return (
    <>
      <h1>Regions</h1>
      {error !== undefined && <Empty>The state of the regions is unknown: {error}</Empty>}
      {value === undefined && error === undefined && <Waiting />}
      {value !== undefined && (
        <>
          <p class="lead" role="status">
            {verdicts.length === 0 ? 'No region has a database yet.' : summaryOf(verdicts)}
          </p>
          <RegionTable
            regions={value.regions}
            isBusy={action.isRunning}
            onTurn={(asking) => (asking.effect === undefined ? turn(asking) : setAsked(asking))}
          />
          {asked?.effect !== undefined && (
            <Confirmation
              label={asked.label}
              effect={asked.effect}
              onConfirm={() => turn(asked)}
              onLeave={() => setAsked(undefined)}
            />
          )}
          <Problem error={action.error} />
          {mayWrite && <Shipping state={value} />}
          <RegionCharts regions={value.regions} />
          {mayWrite && <AddRegion />}
        </>
      )}
      <Command>npx meridian regions</Command>
    </>
  );
}

function AddRegion() {
  const [name, setName] = useState('');
  const action = useAction();
  const add = (event: Event) => {
    event.preventDefault();
    void action.run(async () => {
      await ask('POST', REGIONS, { body: { name } });
      setName('');
    });
  };
  return (
    <form onSubmit={add}>
      <h2>Another region</h2>
      <p class="actions">
        <label>
          Name{' '}
          <input
            type="text"
            placeholder="new-york"
            required
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={action.isRunning}>
          Add
        </button>
        <span class="quiet">Lower case letters, digits and hyphens. Its database is made at once.</span>
      </p>
      <Problem error={action.error} />
    </form>
  );
}
