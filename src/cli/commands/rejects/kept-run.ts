/** Finds the run that a command about rejects names, and opens its tables. */
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

/** A run with rejects, in all its tables that have some. */
export interface KeptRun {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tables: readonly KeptRejects[];
}

/**
 * The newest run first.
 *
 * @throws MeridianError what a database cannot be read for; without it, the list would not be whole
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
 * @param given the id of a run, the start of one, or when it started; the newest run if there is none
 * @returns `undefined` when no run has rejects and none is named
 * @throws MeridianError `usage` when no run with rejects, or several, are meant
 */
export async function keptRun(project: Project, given: string | undefined): Promise<KeptRun | undefined> {
  return runMeant(await keptRuns(project), given);
}

/** As {@link keptRun}, among runs that have been read. */
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

/** The run whose rejects a run loads again, where that is one of these. */
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

/** Does the work for each table of the databases that exist, those of one database one after the other. @throws what fails in one */
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
