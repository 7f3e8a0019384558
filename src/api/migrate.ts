/** `migrate` for programs. */
import type { DatabasesConfig, MeridianConfig } from '../config/types.ts';
import { byName, type DatabaseName } from './names.ts';
import { projectOf } from './project-of.ts';
import { valuesOf } from './values-of.ts';

/** Which databases are migrated. */
export interface MigrateOptions<Databases extends DatabasesConfig = DatabasesConfig> {
  /** The databases to migrate (default: all, those of the modules included). */
  readonly databases?: readonly DatabaseName<Databases>[];
}

/** Database -> the names of the migrations that were applied, the oldest first; none where it was up to date. */
export type MigrateResult<Databases extends DatabasesConfig = DatabasesConfig> = {
  readonly [Name in DatabaseName<Databases>]?: readonly string[];
};

/**
 * Creates the databases that do not exist, and applies pending migrations to each.
 *
 * ```ts
 * import { migrate } from 'meridian';
 * import config from './meridian.config.ts';
 *
 * const applied = await migrate(config, { databases: ['customers', 'parcels'] });
 * console.log(applied.customers);
 * ```
 *
 * @throws MeridianError `migration` when a migration fails, `database` or `locked`. The other databases are migrated nevertheless.
 */
export async function migrate<Databases extends DatabasesConfig>(
  config: MeridianConfig<Databases>,
  { databases = [] }: MigrateOptions<Databases> = {},
): Promise<MigrateResult<Databases>> {
  const project = await projectOf(config);
  const { eachTarget } = await import('../cli/commands/migrate.targets.ts');
  const { migrateUp } = await import('../database/migrate.ts');
  const results = await eachTarget(project, databases, { create: true, lock: true }, migrateUp, (store) =>
    store.ensure(),
  );
  return byName(await valuesOf(results));
}
