/** The overview: each database and what a module adds, the newest loads, and one sentence on what to do. */
import type { ComponentType } from 'preact';
import { useFrame, useLive } from '../frame/context.ts';
import type { Health } from '../frame/health.ts';
import { Command, Empty, HealthMark, Table, Waiting } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import type { RunList } from '../loads/progress.ts';
import { RunRows } from '../loads/run-rows.tsx';
import { type DatabaseState, databaseVerdict, summaryOf } from './database-health.ts';

/** What a module adds to the overview. */
export interface OverviewPart {
  /** Shown where the server has this operation. */
  readonly needs: string;
  readonly Content: ComponentType;
  /** How its things are; `undefined` as long as that is not read. */
  useVerdicts(): readonly { readonly name: string; readonly health: Health }[] | undefined;
}

const parts: OverviewPart[] = [];

export function addToOverview(part: OverviewPart): void {
  parts.push(part);
}

export function Overview() {
  const databases = useLive<readonly DatabaseState[]>('databases');
  const loads = useLive<RunList>('loads');
  const { operations } = useFrame().description;
  const shown = parts.filter(({ needs }) => operations.includes(needs));
  const added = shown.map((part) => part.useVerdicts());
  const verdicts = [
    ...(databases.value ?? []).map((one) => ({ name: one.database, ...databaseVerdict(one) })),
    ...added.flatMap((one) => one ?? []),
  ];
  return (
    <>
      <h1>Overview</h1>
      <p class="lead" role="status">
        {databases.value === undefined && databases.error === undefined ? 'Reading …' : summaryOf(verdicts)}
      </p>
      <Databases {...databases} />
      {shown.map(({ Content }, index) => (
        <Content key={index} />
      ))}
      <NewestLoads {...loads} />
      <Command>npx meridian migrate:status</Command>
    </>
  );
}

function Databases({ value, error }: { readonly value?: readonly DatabaseState[]; readonly error?: string }) {
  const { description } = useFrame();
  return (
    <>
      <h2>Databases</h2>
      {error !== undefined && <Empty>The state of the databases is unknown: {error}</Empty>}
      {value === undefined && error === undefined && <Waiting />}
      {value !== undefined && (
        <Table label="Databases" head={['Database', 'State', 'Entities', 'What to do']}>
          {value.map((one) => {
            const { health, advice } = databaseVerdict(one);
            const entities = description.databases.find(({ database }) => database === one.database)?.entities ?? [];
            return (
              <tr key={one.database}>
                <th scope="row">{one.database}</th>
                <td>
                  <HealthMark health={health} />
                </td>
                <td>
                  {entities.map(({ name }, index) => (
                    <span key={name}>
                      {index > 0 && ', '}
                      <a href={hashOf(['data', one.database, name])}>{name}</a>
                    </span>
                  ))}
                </td>
                <td class="prose">{advice}</td>
              </tr>
            );
          })}
        </Table>
      )}
    </>
  );
}

function NewestLoads({ value, error }: { readonly value?: RunList; readonly error?: string }) {
  return (
    <>
      <h2>Newest loads</h2>
      {error !== undefined && <Empty>The loads are unknown: {error}</Empty>}
      {value !== undefined && value.loads.length === 0 && (
        <Empty>
          Nothing has been loaded yet. <a href="#/loads">Load a file</a>.
        </Empty>
      )}
      {value !== undefined && value.loads.length > 0 && <RunRows runs={value.loads} />}
    </>
  );
}
