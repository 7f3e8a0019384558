/** `runs` for programs. */
import { populatedDatabases } from '../cli/project.ts';
import type { DatabasesConfig, MeridianConfig } from '../config/types.ts';
import type { RunSummary } from '../loads/list-runs.ts';
import { byName, type DatabaseName, type ReportedTable } from './names.ts';
import { projectOf } from './project-of.ts';
import { valuesOf } from './values-of.ts';

/** Which runs are listed. */
export interface RunsOptions<Databases extends DatabasesConfig = DatabasesConfig> {
  /** The databases whose runs are listed (default: all that exist). */
  readonly databases?: readonly DatabaseName<Databases>[];
  /** The maximum number of runs per table, the newest first (default: 10). */
  readonly limit?: number;
}

/** Table -> its runs, the newest first. */
export type RunsResult<Databases extends DatabasesConfig = DatabasesConfig> = {
  readonly [Table in ReportedTable<Databases>]?: readonly RunSummary[];
};

const DEFAULT_LIMIT = 10;

/**
 * Lists the runs of populate: what they loaded, how far they came, and how they ended.
 *
 * ```ts
 * import { runs } from 'meridian';
 * import config from './meridian.config.ts';
 *
 * const { shipments = [] } = await runs(config, { limit: 1 });
 * console.log(shipments[0]?.state);
 * ```
 *
 * @throws MeridianError `database` for a database that cannot be read
 */
export async function runs<Databases extends DatabasesConfig>(
  config: MeridianConfig<Databases>,
  { databases = [], limit = DEFAULT_LIMIT }: RunsOptions<Databases> = {},
): Promise<RunsResult<Databases>> {
  const project = await projectOf(config);
  const { choose } = await import('../database/declaration.ts');
  const { eachDatabase } = await import('../database/each-database.ts');
  const { listAllRuns } = await import('../loads/list-runs.ts');
  const wanted = choose(populatedDatabases(project), databases);
  const results = await eachDatabase(wanted, { create: false, lock: false }, (database) =>
    listAllRuns(database, limit),
  );
  const tables = (await valuesOf(results)).flatMap(([, listed]) => listed);
  return byName(tables.map((one) => [one.name, one.runs]));
}
