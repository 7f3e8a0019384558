/** Loads rejects of a run again: what a populate of them is given, and whose rejects are with the new run afterwards. */
import type { KeptRejects } from '../../loads/kept-rejects.ts';
import type { RejectContent } from '../../loads/reject-line.ts';
import type { PopulateOptions } from '../options.ts';
import type { Source } from '../read/source.ts';
import type { PopulateReport } from '../report.ts';
import { type RunSettings, settingsIn } from '../resume/run-settings.ts';
import { type RetriedRun, retryContent, retrySource } from './retry-source.ts';

/** The rejects of a table, with what decides how they are read. */
export interface RetriedTable {
  readonly table: string;
  readonly source: Source;
  readonly settings: RunSettings;
}

/**
 * @param settings of the run, as they are stored with it
 * @param directory for a copy of the rejects
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

/** The columns and settings are those of the run. Limits of the config are for whole files, of which these are what was rejected already. */
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

/** The tables of which the earlier run needs its rejects no more. Where a load was stopped, the same retry continues it and needs them still. */
export function tablesRetried({ databases }: PopulateReport): string[] {
  return Object.entries(databases)
    .filter(([, { isUnfinished, failure }]) => !isUnfinished && failure === undefined)
    .map(([table]) => table);
}

/** A table of a run, with what identifies its source. */
export type RunContent = Pick<KeptRejects, 'run' | 'table' | 'content'>;

/**
 * The run whose rejects a run loads again as they are.
 *
 * @param tables of the run
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
