/** Finds the run that a rejects command names, and opens its tables. */
import type { Project } from '../../../config/module.ts';
import type { Database } from '../../../database/database.ts';
import { eachDatabase } from '../../../database/each-database.ts';
import { type Table, tablesOf } from '../../../database/table.ts';
import { type KeptRejects, keptRejects } from '../../../loads/kept-rejects.ts';
import { runRetriedBy } from '../../../populate/rejects/retry.ts';
import { asError } from '../../../shared/async/settle.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { formatInstant } from '../../../shared/time/format-instant.ts';
import { populatedDatabases } from '../../project.ts';

/** A run with rejects, and its tables that have rejects. */
export interface KeptRun {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tables: readonly KeptRejects[];
}

/**
 * Lists runs with rejects, the newest first.
 *
 * @throws MeridianError if a database cannot be read, since the list would be incomplete
 */
export async function keptRuns(project: Project): Promise<KeptRun[]> {
  const found = await inTables(project, async (table) => keptRejects(table, table.database.fork()));
  const runs = [...Map.groupBy(found.flat(), ({ run }) => run)].map(([id, tables]) => ({
    id,
    startedAt: tables.map(({ startedAt }) => startedAt).sort()[0] ?? '',
    tables,
  }));
  return runs.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/**
 * @param given a run id, the beginning of one, or a start time (default: the newest run)
 * @returns `undefined` if none is given and no run has rejects
 * @throws MeridianError `usage` if no run with rejects, or more than one, matches
 */
export async function keptRun(project: Project, given: string | undefined): Promise<KeptRun | undefined> {
  return runMeant(await keptRuns(project), given);
}

/** Like {@link keptRun}, for runs that have been read already. */
export function runMeant(runs: readonly KeptRun[], given: string | undefined): KeptRun | undefined {
  if (given === undefined) {
    return runs[0];
  }
  const meant = runs.filter(({ id, startedAt }) => id.startsWith(given) || formatInstant(startedAt).startsWith(given));
  const [run, other] = meant;
  if (run === undefined) {
    throw new MeridianError('usage', `No run "${given}" has rejects. npx meridian rejects list names those that have.`);
  }
  if (other !== undefined) {
    throw new MeridianError(
      'usage',
      `${meant.length} runs with rejects begin with "${given}": ${run.id}, ${other.id}. Name one of them.`,
    );
  }
  return run;
}

/** The run among these whose rejects the given run loads again. */
export function retriedBy({ tables }: KeptRun, runs: readonly KeptRun[]): KeptRun | undefined {
  const retried = runRetriedBy(
    tables,
    runs.flatMap((other) => other.tables),
  );
  return runs.find(({ id }) => id === retried);
}

/**
 * @param table its name
 * @throws MeridianError `usage` when the run has no rejects of that table
 */
export function tablesOfRun({ id, tables }: KeptRun, table: string | undefined): readonly KeptRejects[] {
  const named = tables.filter((one) => table === undefined || one.table === table);
  if (named.length === 0) {
    const there = tables.map((one) => one.table).join(', ');
    throw new MeridianError('usage', `The run ${id} has no rejects of "${table}", but of ${there}.`);
  }
  return named;
}

/** Runs work for each table of the existing databases, sequentially within a database. @throws the error of a table that fails */
export async function inTables<T>(
  project: Project,
  work: (table: Table) => Promise<T>,
  names?: readonly string[],
): Promise<T[]> {
  const results = await eachDatabase(populatedDatabases(project), { create: false, lock: false }, async (database) => {
    const done: T[] = [];
    for (const table of database.isMissing ? [] : tablesOf(database)) {
      if (names === undefined || names.includes(table.name)) {
        done.push(await explaining(database, () => work(table)));
      }
    }
    return done;
  });
  return results.flatMap((result) => {
    if ('error' in result) {
      throw result.error;
    }
    return result.value;
  });
}

async function explaining<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asError(database.explain(error));
  }
}
