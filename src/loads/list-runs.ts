/** Lists the runs of a table for users. */
import type { Database, EntityManager } from '../database/database.ts';
import { isLocked } from '../database/lock.ts';
import { type Table, tablesOf } from '../database/table.ts';
import { MeridianError } from '../shared/errors.ts';
import { earlierRunTables } from './own-tables.ts';
import { isOpen } from './plan-run.ts';
import { RunStore } from './run-store.ts';
import { type RunRow, runTables } from './run-tables.ts';

/** A run of populate, as stored in its database. */
export interface RunSummary {
  /** The same in all databases that the run loaded. */
  readonly id: string;
  readonly source: string;
  /** `running`; `stopped`, which can be continued; or how it ended: `finished`, `failed`, `interrupted`, `abandoned`. */
  readonly state: string;
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The time of its last progress update; ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly seconds: number;
  readonly failure: string | null;
}

/**
 * The runs of all tables of a database, read sequentially, since each read checks the database's lock.
 *
 * @throws MeridianError as {@link listRuns}
 */
export async function listAllRuns(
  database: Database,
  limit: number,
): Promise<{ readonly name: string; readonly runs: RunSummary[] }[]> {
  const all: { name: string; runs: RunSummary[] }[] = [];
  for (const table of tablesOf(database)) {
    all.push({ name: table.name, runs: await listRuns(table, limit) });
  }
  return all;
}

/**
 * Newest first; empty for a database without run tables.
 *
 * @throws MeridianError `migration` for a database with runs of version 0.2, which a migration has to move first
 */
export async function listRuns(table: Table, limit: number): Promise<RunSummary[]> {
  const { database } = table;
  const em = database.fork();
  if (!(await database.hasTable(em, runTables(database.name).runs))) {
    await refuseEarlier(database, em);
    return [];
  }
  try {
    const runs = await new RunStore(table).runs(em, limit);
    const isRunning = isOpen(runs[0]) && (await isLocked(database));
    return runs.map((run, index) => summaryOf(run, index === 0 && isRunning));
  } catch (error) {
    throw database.explain(error);
  }
}

/** The run of a table with this id, if there is one. */
export async function findRun(table: Table, id: string): Promise<RunSummary | undefined> {
  const { database } = table;
  const em = database.fork();
  if (!(await database.hasTable(em, runTables(database.name).runs))) {
    return undefined;
  }
  try {
    const store = new RunStore(table);
    const run = await store.run(em, id);
    const isRunning = isOpen(run) && (await isLocked(database));
    return run === undefined ? undefined : summaryOf(run, isRunning);
  } catch (error) {
    throw database.explain(error);
  }
}

async function refuseEarlier({ name, engine, declaration }: Database, em: EntityManager): Promise<void> {
  const earlier = await earlierRunTables(em, engine, declaration);
  if (earlier.length > 0) {
    throw new MeridianError(
      'migration',
      `${name}: its runs are in tables of version 0.2 (${earlier.join(', ')}). Run npx meridian migrate ${name}, which moves them; --dry-run prints how.`,
    );
  }
}

function summaryOf(run: RunRow, isRunning: boolean): RunSummary {
  const { id, source, read, inserted, updated, unchanged, rejected, startedAt, updatedAt, seconds, failure } = run;
  const state = isOpen(run) ? (isRunning ? 'running' : 'stopped') : run.state;
  return {
    id,
    source,
    state,
    read,
    inserted,
    updated,
    unchanged,
    rejected,
    startedAt,
    updatedAt,
    seconds,
    failure,
  };
}
