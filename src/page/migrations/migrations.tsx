/** The migrations of each database: the applied and pending ones, and the SQL of the latter. */
import { useState } from 'preact/hooks';
import { ask } from '../frame/api.ts';
import { useMayWrite } from '../frame/context.ts';
import { Command, Empty, Figure, HealthMark, Problem, rights, Table, Waiting } from '../frame/parts.tsx';
import { formatCount, shellWord } from '../frame/text.ts';
import { useAction, useAnswer } from '../frame/use-answer.ts';
import { type MigrationState, migrationVerdict } from './verdict.ts';

interface Pending {
  readonly name: string;
  readonly statements: readonly string[];
}

export function Migrations() {
  const answer = useAnswer<{ readonly databases: readonly MigrationState[] }>('/api/migrations');
  const states = answer.value?.databases ?? [];
  const behind = states.find(({ pending = [] }) => pending.length > 0)?.database;
  return (
    <>
      <h1>Migrations</h1>
      {answer.value === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {answer.value !== undefined && states.length === 0 && <Empty>The configuration names no database.</Empty>}
      {states.length > 0 && (
        <Table label="Databases" head={['Database', 'State', ...rights('Applied', 'Pending'), 'Newest', 'What to do']}>
          {states.map((one) => {
            const { health, advice } = migrationVerdict(one);
            return (
              <tr key={one.database}>
                <th scope="row">{one.database}</th>
                <td>
                  <HealthMark health={health} />
                </td>
                <Figure>{formatCount(one.executed?.length)}</Figure>
                <Figure>{formatCount(one.pending?.length)}</Figure>
                <td>{one.executed === undefined ? 'unknown' : (one.executed.at(-1) ?? 'none')}</td>
                <td class="prose">{advice}</td>
              </tr>
            );
          })}
        </Table>
      )}
      {states
        .filter(({ pending = [] }) => pending.length > 0)
        .map((one) => (
          <PendingOf key={one.database} state={one} />
        ))}
      <Command>
        {behind === undefined ? 'npx meridian migrate:status' : `npx meridian migrate ${shellWord(behind)}`}
      </Command>
    </>
  );
}

function PendingOf({ state: { database, pending = [] } }: { readonly state: MigrationState }) {
  const [shown, setShown] = useState<readonly Pending[]>();
  const action = useAction();
  const mayWrite = useMayWrite();
  const show = () =>
    void action.run(async () => {
      const path = `/api/migrations/${encodeURIComponent(database)}/preview`;
      setShown((await ask<{ readonly pending: readonly Pending[] }>('POST', path)).body.pending);
    });
  return (
    <section>
      <h2>{database}</h2>
      <ul>
        {pending.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      {mayWrite && shown === undefined && (
        <button type="button" disabled={action.isRunning} onClick={show}>
          Show the SQL
        </button>
      )}
      <Problem error={action.error} />
      {shown?.map(({ name, statements }) => (
        <details key={name} open>
          <summary>{name}</summary>
          <pre>{statements.join(';\n')}</pre>
        </details>
      ))}
    </section>
  );
}
