/** The rejects of a run: as lines, grouped by reason, and loaded again, corrected or unchanged. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Table } from '../../database/table.ts';
import { keptRejects } from '../../loads/kept-rejects.ts';
import { isOpenState } from '../../loads/plan-run.ts';
import { type RejectContent, rejectLine } from '../../loads/reject-line.ts';
import { RunStore } from '../../loads/run-store.ts';
import { type RunRow, runTables } from '../../loads/run-tables.ts';
import { shapeOf } from '../../populate/record/shape.ts';
import { groupRejects, type RejectGroup } from '../../populate/rejects/group-rejects.ts';
import { valueFinder } from '../../populate/rejects/rejected-value.ts';
import { examineForCsv, rejectsAsCsv } from '../../populate/rejects/rejects-csv.ts';
import { type RetriedTable, retriedTable, runRetriedBy } from '../../populate/rejects/retry.ts';
import { settingsIn } from '../../populate/resume/run-settings.ts';
import { shown } from '../../shared/text/visible.ts';
import type { OpenDatabases } from '../databases.ts';
import { Problem } from '../problem.ts';
import { everyTable } from './run-view.ts';

/** A table that the run has loaded. */
export interface TableOfRun {
  readonly table: Table;
  readonly run: RunRow;
}

/** @param only the name of a table, to return only this one @throws Problem 404 if there is no such run, or it has no such table */
export async function tablesOfRun(
  databases: OpenDatabases,
  run: string,
  only: string | undefined,
): Promise<readonly TableOfRun[]> {
  const found: TableOfRun[] = [];
  for (const table of await everyTable(databases)) {
    const em = table.database.fork();
    const store = new RunStore(table);
    const hasRuns = await table.database.hasTable(em, runTables(table.database.name).runs);
    const row = hasRuns ? await store.run(em, run) : undefined;
    if (row !== undefined) {
      found.push({ table, run: row });
    }
  }
  if (found.length === 0) {
    throw new Problem(
      404,
      'unknown',
      `No database has the load "${shown(run)}". A dry run stores nothing, its rejects neither. GET /api/loads lists the newest loads.`,
    );
  }
  const named = found.filter(({ table }) => only === undefined || table.name === only);
  if (named.length === 0) {
    const there = found.map(({ table }) => table.name).join(', ');
    throw new Problem(404, 'unknown', `The load ${run} has not loaded "${shown(only ?? '')}", but ${there}.`);
  }
  return named;
}

/**
 * The tables of the run whose rejects are loaded again. This is the named run, unless that is a stopped retry: then it is the run that it
 * retried, which still has the remaining rejects. Retrying that run continues the stopped retry.
 */
export async function tablesToRetry(
  databases: OpenDatabases,
  run: string,
  only: string | undefined,
): Promise<readonly TableOfRun[]> {
  const tables = await tablesOfRun(databases, run, only);
  if (!tables.some((one) => isOpenState(one.run.state))) {
    return tables;
  }
  const kept = await Promise.all(
    (await everyTable(databases)).map((table) => keptRejects(table, table.database.fork())),
  );
  const contents = tables.map(({ table, run: { content } }) => ({ run, table: table.name, content }));
  const retried = runRetriedBy(contents, kept.flat());
  return retried === undefined ? tables : tablesOfRun(databases, retried, only);
}

function rejectsOf({ table, run }: TableOfRun): AsyncGenerator<RejectContent[]> {
  return new RunStore(table).rejects(table.database.fork(), run.id);
}

/** One line per reject, in the format that `populate` reads. */
export function rejectLines(tables: readonly TableOfRun[]): Readable {
  async function* lines(): AsyncGenerator<string> {
    for (const one of tables) {
      for await (const page of rejectsOf(one)) {
        yield page.map(rejectLine).join('');
      }
    }
  }
  return Readable.from(lines());
}

/** @returns the CSV, and the number of records that would be read differently from it */
export async function rejectsCsv(one: TableOfRun): Promise<{ readonly text: Readable; readonly unlike: number }> {
  const { columns, unlike } = await examineForCsv(rejectsOf(one), one.table, settingsIn(one.run.settings));
  return { text: Readable.from(rejectsAsCsv({ columns }, rejectsOf(one))), unlike };
}

/** Table -> reject reasons, the most frequent first. */
export async function rejectReasons(
  tables: readonly TableOfRun[],
  examples: number,
): Promise<Record<string, RejectGroup[]>> {
  const groups = tables.map(async (one) => {
    const { table } = one;
    const shape = shapeOf(table.metadata, table.database.engine.storage, table.uniqueKeys);
    return [table.name, await groupRejects(rejectsOf(one), valueFinder(shape), examples)] as const;
  });
  return Object.fromEntries(await Promise.all(groups));
}

/** The corrected form of a rejected record. */
export interface Correction {
  readonly number: number;
  readonly record: unknown;
}

export interface Retry extends RetriedTable {
  /** Deletes the reloaded records from the rejects of the earlier run. */
  forget(): Promise<void>;
}

/**
 * @param corrections of rejected records; without any, all rejects are loaded unchanged
 * @param directory for the copies of the rejects
 * @throws Problem 409 for a run that has not ended, 422 for a correction of a record that the run has not rejected
 */
export async function prepareRetry(
  one: TableOfRun,
  corrections: readonly Correction[] | undefined,
  directory: string,
): Promise<Retry> {
  const { table, run } = one;
  refuseOpen(one);
  const store = new RunStore(table);
  const retried = { run: run.id, table: table.name, source: run.source };
  const numbers = corrections?.map(({ number }) => number);
  const rows = corrections === undefined ? undefined : await correctedRows(one, corrections);
  const retriedRows =
    rows === undefined
      ? await retriedTable(retried, run.settings, rejectsOf(one), directory)
      : await retriedTable({ ...retried, corrections: digestOf(rows) }, run.settings, onePage(rows), directory);
  return {
    ...retriedRows,
    forget: () =>
      table.write(table.database.fork(), (em) =>
        numbers === undefined ? store.forgetRejects(em, run.id) : store.forgetRejectsNumbered(em, run.id, numbers),
      ),
  };
}

function refuseOpen({ table, run }: TableOfRun): void {
  if (isOpenState(run.state)) {
    throw new Problem(
      409,
      'conflict',
      `${table.name}: the load ${run.id} was stopped before its end, or is running. Send the request that began it again, which continues it.`,
    );
  }
  if (run.state === 'reverted') {
    throw new Problem(
      409,
      'conflict',
      `${table.name}: nothing of the load ${run.id} was kept (allOrNothing), so its rejects alone would be a part of it. Correct its file, and upload it again.`,
    );
  }
}

async function correctedRows(
  { table, run }: TableOfRun,
  corrections: readonly Correction[],
): Promise<readonly RejectContent[]> {
  const records = new Map(corrections.map(({ number, record }) => [number, JSON.stringify(record)]));
  if (records.size < corrections.length) {
    throw new Problem(422, 'invalid', 'Two corrections have the same number. Keep one of them.');
  }
  const rows = await new RunStore(table).rejectsNumbered(table.database.fork(), run.id, [...records.keys()]);
  const known = new Set(rows.map(({ number }) => number));
  const errors = [...records.keys()]
    .filter((number) => !known.has(number))
    .map((number) => ({ property: null, code: 'unknown', message: `Record ${number} is not among the rejects` }));
  if (errors.length > 0) {
    const detail = `${errors[0]?.message} of ${table.name} in the load ${run.id}${errors.length > 1 ? `, and so are ${errors.length - 1} more` : ''}.`;
    throw new Problem(422, 'invalid', detail, { errors });
  }
  return rows.map((row) => ({ ...row, record: records.get(row.number) ?? row.record }));
}

function digestOf(rows: readonly RejectContent[]): string {
  const digest = createHash('sha256');
  for (const row of rows) {
    digest.update(rejectLine(row));
  }
  return digest.digest('hex');
}

async function* onePage(rows: readonly RejectContent[]): AsyncGenerator<readonly RejectContent[]> {
  yield rows;
}
