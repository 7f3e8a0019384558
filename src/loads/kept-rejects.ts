/** Lists the stored rejects of a table's runs. */
import type { EntityManager } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import { RunStore } from './run-store.ts';
import { type RunRow, type RunState, runTables } from './run-tables.ts';

export interface KeptRejects {
  /** The id of the run. */
  readonly run: string;
  readonly table: string;
  readonly source: string;
  /** A digest of the source; `null` if it cannot be read again. */
  readonly content: string | null;
  readonly state: RunState;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The number of stored rejects. */
  readonly rejects: number;
}

/** Newest run first; empty for a database without run tables. */
export async function keptRejects(table: Table, em: EntityManager): Promise<KeptRejects[]> {
  if (!(await table.database.hasTable(em, runTables(table.database.name).rejects))) {
    return [];
  }
  const store = new RunStore(table);
  const counts = await store.rejectCounts(em);
  const runs = counts.size === 0 ? [] : await store.runs(em);
  return runs.flatMap((run) => {
    const rejects = counts.get(run.id);
    return rejects === undefined ? [] : [keptOf(run, table, rejects)];
  });
}

function keptOf({ id, source, content, state, startedAt }: RunRow, { name }: Table, rejects: number): KeptRejects {
  return { run: id, table: name, source, content, state, startedAt, rejects };
}
