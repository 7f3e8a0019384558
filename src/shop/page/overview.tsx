/** Regions, central and the document store in the overview. */
import {
  countOf,
  Empty,
  Figure,
  formatCount,
  formatSeconds,
  HealthMark,
  type OverviewPart,
  ratesOf,
  rights,
  Sparkline,
  spanOf,
  Table,
  useFrame,
  useLive,
} from '../../page/module.tsx';
import {
  appliedIn,
  appliedOf,
  type Central,
  centralVerdict,
  type DocumentStore,
  documentsVerdict,
} from './central-state.ts';
import { figuresOf, isKnown, type Region, type Regions, regionVerdict } from './region-state.ts';

export const regionsInOverview: OverviewPart = {
  needs: 'listRegions',
  Content: RegionsPart,
  useDatabases() {
    const central = useLive<Central>('central');
    const documents = useLive<DocumentStore>('documents');
    return [
      { name: 'central', ...centralVerdict(central), holds: <CentralHolds central={central.value} /> },
      { name: 'documents', ...documentsVerdict(documents, central.value), holds: storeHolds(documents.value) },
    ];
  },
  useVerdicts() {
    const { value } = useLive<Regions>('regions');
    const central = useLive<Central>('central').value;
    return Object.entries(value?.regions ?? {})
      .filter(([, region]) => region !== null)
      .map(([name, region]) => ({ name, ...regionVerdict(name, region, central?.regions[name]) }));
  },
};

function CentralHolds({ central }: { readonly central: Central | undefined }) {
  const { history, now } = useFrame();
  if (central === undefined || !central.isThere) {
    return null;
  }
  const rates = perMinute(appliedOf(history['central'] ?? []), now);
  return (
    <>
      {countOf(appliedIn(central), 'event')} applied
      {rates.every(({ value }) => value === null) ? (
        <span class="quiet">, rate unknown</span>
      ) : (
        <>
          {' '}
          <Sparkline points={rates} label="Events that central applies, a minute" />
        </>
      )}
    </>
  );
}

function storeHolds(documents: DocumentStore | undefined): string {
  const { documents: count = null, isThere = false } = documents?.store ?? {};
  return count === null || !isThere ? '' : countOf(count, 'document');
}

function RegionsPart() {
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
      <Table
        label="Regions"
        head={[
          'Region',
          'State',
          ...rights('Orders'),
          'a minute',
          ...rights('Not shipped'),
          'lately',
          ...rights('Delay'),
          'lately',
          'What to do',
        ]}
      >
        {states.map(([name, region]) => (
          <RegionRow key={name} name={name} region={region} />
        ))}
      </Table>
    </>
  );
}

function RegionRow({ name, region }: { readonly name: string; readonly region: Region }) {
  const { history, now } = useFrame();
  const central = useLive<Central>('central').value;
  const { health, advice } = regionVerdict(name, region, central?.regions[name]);
  const states = history['regions'] ?? [];
  const known = isKnown(region) ? region : undefined;
  const figure = (text: string) => <Figure>{region === null ? '—' : text}</Figure>;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <HealthMark health={health} />
      </td>
      {figure(formatCount(known?.orders))}
      <td>
        {known && (
          <Sparkline points={perMinute(figuresOf(states, name, 'orders'), now)} label={`Orders in ${name}, a minute`} />
        )}
      </td>
      {figure(formatCount(known?.unshipped))}
      <td>
        {known && (
          <Sparkline points={figuresOf(states, name, 'unshipped')} label={`Events of ${name} that are not shipped`} />
        )}
      </td>
      {figure(formatSeconds(known?.lagSeconds))}
      <td>
        {known && <Sparkline points={figuresOf(states, name, 'lagSeconds')} label={`Delay of ${name}, in seconds`} />}
      </td>
      <td class="prose">{advice}</td>
    </tr>
  );
}

const RATE_PARTS = 30;
const MINUTE_MILLISECONDS = 60_000;

/** The growth of a count per minute. */
export function perMinute(points: ReturnType<typeof appliedOf>, now: number): ReturnType<typeof appliedOf> {
  return ratesOf(points, spanOf(points, now), RATE_PARTS, MINUTE_MILLISECONDS);
}
