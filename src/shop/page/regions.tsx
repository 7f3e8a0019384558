/** The regions: what they hold, what they have not shipped, and their relays. */
import { useState } from 'preact/hooks';
import { ask } from '../../page/frame/api.ts';
import { useFrame, useLive, useMayWrite } from '../../page/frame/context.ts';
import { Command, Confirmed, Empty, Figure, HealthMark, Problem, Table, Waiting } from '../../page/frame/parts.tsx';
import { Sparkline } from '../../page/frame/sparkline-chart.tsx';
import { formatCount, formatSeconds } from '../../page/frame/text.ts';
import { type Action, useAction } from '../../page/frame/use-answer.ts';
import { figuresOf, isKnown, type Region, type Regions, regionVerdict } from './region-state.ts';

const REGIONS = '/api/shop/regions';

export function RegionsScreen() {
  const { value, error } = useLive<Regions>('regions');
  const mayWrite = useMayWrite();
  const action = useAction();
  const [notes, setNotes] = useState<readonly string[]>([]);
  const sync = () =>
    void action.run(async () => {
      const { body } = await ask<Synced>('POST', '/api/shop/sync', { accepts: [503] });
      setNotes(syncSentences(body));
    });
  return (
    <>
      <h1>Regions</h1>
      <p class="lead">
        A region sells while it is cut off. What it sells is shipped to central by its relay, and nothing is lost
        meanwhile.
      </p>
      {error !== undefined && <Empty>The state of the regions is unknown: {error}</Empty>}
      {value === undefined && error === undefined && <Waiting />}
      {value !== undefined && <RegionTable regions={value.regions} action={action} />}
      {mayWrite && (
        <div class="actions">
          <button type="button" class="primary" disabled={action.isRunning} onClick={sync}>
            Ship everything now
          </button>
          <AddRegion action={action} />
        </div>
      )}
      <div role="status">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
      <Problem error={action.error} />
      <Command>npx meridian regions</Command>
    </>
  );
}

interface Synced {
  readonly isComplete: boolean;
  readonly regions: Readonly<
    Record<string, { readonly shipped?: number; readonly error?: string; readonly deadLetters?: number }>
  >;
  readonly documentsError?: string;
}

function syncSentences({ isComplete, regions, documentsError }: Synced): readonly string[] {
  const each = Object.entries(regions).map(([name, { shipped, error, deadLetters = 0 }]) => {
    const rest = deadLetters > 0 ? `, and ${deadLetters} dead-lettered` : '';
    return error === undefined ? `${name}: ${formatCount(shipped)} events shipped${rest}.` : `${name}: ${error}`;
  });
  const all = documentsError === undefined ? each : [...each, `Documents: ${documentsError}`];
  return [isComplete ? 'Everything has arrived in central.' : 'Something has not arrived in central.', ...all];
}

function RegionTable({ regions, action }: { readonly regions: Regions['regions']; readonly action: Action }) {
  const { history } = useFrame();
  const mayWrite = useMayWrite();
  const head = [
    'Region',
    'State',
    'Orders',
    'Stock',
    'Not shipped',
    'Lately',
    'Delay',
    'Relay',
    'What to do',
    'Cut off',
  ];
  if (Object.keys(regions).length === 0) {
    return (
      <Empty>
        There is no region. Add one below, or name some in <code>REGIONS</code>.
      </Empty>
    );
  }
  return (
    <Table label="Regions" head={head}>
      {Object.entries(regions).map(([name, region]) => {
        const { health, advice } = regionVerdict(name, region);
        const known = isKnown(region) ? region : undefined;
        return (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <HealthMark health={health} />
            </td>
            <Figure>{figure(region, known?.orders)}</Figure>
            <Figure>{figure(region, known?.onHand)}</Figure>
            <Figure>{figure(region, known?.unshipped)}</Figure>
            <td>
              <Sparkline
                values={figuresOf(history['regions'] ?? [], name, 'unshipped')}
                label={`Events of ${name} that were not shipped, since the page was opened`}
              />
            </td>
            <Figure>{known === undefined ? figure(region, undefined) : formatSeconds(known.lagSeconds)}</Figure>
            <td>{known?.relay ?? figure(region, undefined)}</td>
            <td class="prose">{advice}</td>
            <td>
              {mayWrite && known !== undefined && <RelaySwitch name={name} relay={known.relay} action={action} />}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

/** A region without a database has nothing; of one that cannot be read, nothing is known. */
function figure(region: Region, value: number | undefined): string {
  return region === null ? '—' : formatCount(value);
}

interface RelayProps {
  readonly name: string;
  readonly relay: string;
  readonly action: Action;
}

function RelaySwitch({ name, relay, action }: RelayProps) {
  const turn = (verb: string) =>
    void action.run(async () => void (await ask('POST', `${REGIONS}/${encodeURIComponent(name)}/relay/${verb}`)));
  return relay === 'paused' ? (
    <button type="button" disabled={action.isRunning} onClick={() => turn('resume')} aria-label={`Resume ${name}`}>
      Resume
    </button>
  ) : (
    <Confirmed
      label="Pause"
      effect={`${name} is cut off from central until it is resumed. Orders are placed there all the same, and wait.`}
      isDisabled={action.isRunning}
      onConfirm={() => turn('pause')}
    />
  );
}

function AddRegion({ action }: { readonly action: Action }) {
  const [name, setName] = useState('');
  const add = (event: Event) => {
    event.preventDefault();
    void action.run(async () => {
      await ask('POST', REGIONS, { body: { name } });
      setName('');
    });
  };
  return (
    <form class="inline" onSubmit={add}>
      <label>
        <span class="hidden">Name of a new region</span>
        <input
          type="text"
          placeholder="new region"
          required
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={action.isRunning}>
        Add
      </button>
    </form>
  );
}
