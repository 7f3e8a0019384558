/** The overview: the databases, the parts of modules, the newest loads, and a summary with advice. */
import type { ComponentChildren, ComponentType } from 'preact';
import { useFrame, useLive } from '../frame/context.ts';
import type { DatabaseState } from '../frame/description.ts';
import { Command, Empty, HealthMark, Table, Waiting } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import type { RunList } from '../loads/progress.ts';
import { RunRows } from '../loads/run-rows.tsx';
import { databaseVerdict, type NamedVerdict, summaryOf } from './database-health.ts';

/** A database, or another store, in the first table. */
interface DatabaseRow extends NamedVerdict {
  /** A summary of the contents. */
  readonly holds: ComponentChildren;
}

/** A part of the overview that a module adds. */
export interface OverviewPart {
  /** The operation that the server needs for this part. */
  readonly needs: string;
  /** Further rows besides the databases of the config; empty until they are read. */
  useDatabases(): readonly DatabaseRow[];
  /** The verdicts on other components of the module; empty until they are read. */
  useVerdicts(): readonly NamedVerdict[];
  readonly Content: ComponentType;
}

const parts: OverviewPart[] = [];

export function addToOverview(part: OverviewPart): void {
  parts.push(part);
}

export function Overview() {
  const databases = useLive<readonly DatabaseState[]>('databases');
  const loads = useLive<RunList>('loads');
  const { description } = useFrame();
  const shown = parts.filter(({ needs }) => description.operations.includes(needs));
  const own = (databases.value ?? []).map((one) => ({
    name: one.database,
    ...databaseVerdict(one),
    holds: <Entities database={one.database} />,
  }));
  const rows = [...own, ...shown.flatMap((part) => part.useDatabases())];
  const verdicts = [...rows, ...shown.flatMap((part) => part.useVerdicts())];
  const isKnown = databases.value !== undefined || databases.error !== undefined;
  return (
    <>
      <h1>Overview</h1>
      <p class="lead" role="status">
        {isKnown ? summaryOf(verdicts) : 'Reading …'}
      </p>
      <h2>Databases</h2>
      {databases.error !== undefined && <Empty>The state of the databases is unknown: {databases.error}</Empty>}
      {rows.length === 0 && databases.error === undefined ? <Waiting /> : <Databases rows={rows} />}
      {shown.map(({ Content, needs }) => (
        <Content key={needs} />
      ))}
      <NewestLoads {...loads} />
      <Command>npx meridian migrate:status</Command>
    </>
  );
}

function Entities({ database }: { readonly database: string }) {
  const { description } = useFrame();
  const entities = description.databases.find((one) => one.database === database)?.entities ?? [];
  return (
    <>
      {entities.map(({ name }, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <a href={hashOf(['data', database, name])}>{name}</a>
        </span>
      ))}
    </>
  );
}

function Databases({ rows }: { readonly rows: readonly DatabaseRow[] }) {
  return (
    <Table label="Databases" head={['Database', 'State', 'Holds', 'What to do']}>
      {rows.map(({ name, health, holds, advice }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>
            <HealthMark health={health} />
          </td>
          <td>{holds}</td>
          <td class="prose">{advice}</td>
        </tr>
      ))}
    </Table>
  );
}

function NewestLoads({ value, error }: { readonly value?: RunList; readonly error?: string }) {
  return (
    <>
      <h2>
        <a href="#/loads">Newest loads</a>
      </h2>
      {error !== undefined && <Empty>The loads are unknown: {error}</Empty>}
      {value !== undefined && value.loads.length === 0 && (
        <Empty>
          Nothing has been loaded yet. <a href="#/loads">Load a file</a>.
        </Empty>
      )}
      {value !== undefined && value.loads.length > 0 && <RunRows runs={value.loads.slice(0, SHOWN_LOADS)} />}
    </>
  );
}

const SHOWN_LOADS = 5;
