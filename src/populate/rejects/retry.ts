/** Retries the rejects of a run: the options for populate, and the tables whose rejects then belong to the new run. */
import type { KeptRejects } from '../../loads/kept-rejects.ts';
import type { RejectContent } from '../../loads/reject-line.ts';
import type { PopulateOptions } from '../options.ts';
import type { Source } from '../read/source.ts';
import type { PopulateReport } from '../report.ts';
import { type RunSettings, settingsIn } from '../resume/run-settings.ts';
import { type RetriedRun, retryContent, retrySource } from './retry-source.ts';

/** The rejects of a table, with the settings for reading them. */
export interface RetriedTable {
  readonly table: string;
  readonly source: Source;
  readonly settings: RunSettings;
}

/**
 * @param settings the settings of the run, as stored with it
 * @param directory a directory for a copy of the rejects
 */
export async function retriedTable(
  retried: RetriedRun,
  settings: string,
  rejects: AsyncIterable<readonly RejectContent[]>,
  directory: string,
): Promise<RetriedTable> {
  return {
    table: retried.table,
    source: await retrySource(retried, rejects, directory),
    settings: settingsIn(settings),
  };
}

type RetryOptions = Required<Pick<PopulateOptions, 'sources' | 'columns' | 'values' | 'onConflict'>>;

/**
 * Columns and settings are those of the run. Reject limits of the config do not apply: they are meant for whole files, and these records
 * were rejected already.
 */
export function retryOptions(tables: readonly RetriedTable[]): RetryOptions {
  const byTable = <T>(value: (one: RetriedTable) => T) =>
    Object.fromEntries(tables.map((one) => [one.table, value(one)]));
  return {
    sources: byTable(({ source }) => source),
    columns: byTable(({ settings }) => settings.columns),
    values: byTable(({ settings }) => settings.values ?? {}),
    onConflict: tables[0]?.settings.onConflict ?? 'reject',
  };
}

/** The tables whose earlier rejects are no longer needed. If a load was stopped, the same retry continues it and still needs them. */
export function tablesRetried({ databases }: PopulateReport): string[] {
  return Object.entries(databases)
    .filter(([, { isUnfinished, failure }]) => !isUnfinished && failure === undefined)
    .map(([table]) => table);
}

/** A table of a run, with the digest of its source. */
export type RunContent = Pick<KeptRejects, 'run' | 'table' | 'content'>;

/**
 * Finds the run whose rejects another run loads again, unchanged.
 *
 * @param tables the tables of the other run
 * @param kept the rejects of all runs
 */
export function runRetriedBy(tables: readonly RunContent[], kept: readonly KeptRejects[]): string | undefined {
  return kept.find((other) =>
    tables.some(
      ({ run, table, content }) =>
        other.run !== run && other.table === table && content === retryContent(other, other.rejects),
    ),
  )?.run;
}
