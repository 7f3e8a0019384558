/** Writes a migration that brings a database from its snapshot to the current entities. */
import { join, resolve } from 'node:path';
import { MeridianError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { displayPath } from './location.ts';
import { migratorOf } from './mikro-orm-migrator.ts';

export interface CreatedMigration {
  /** Name of the written file; `null` if nothing has changed, or nothing was to be written. */
  readonly file: string | null;
  /** The SQL of the migration. */
  readonly sql: string;
}

/** The next migration, without writing it. */
export async function plannedMigration(database: Database): Promise<CreatedMigration> {
  try {
    return { file: null, sql: await migratorOf(database).changes() };
  } catch (error) {
    throw database.explain(error);
  }
}

/**
 * Writes a migration and a new snapshot into the project's folder if the entities differ from the snapshot.
 *
 * @throws MeridianError `migration` if the MikroORM options list the migrations, so that a new file would not be run
 */
export async function createMigration(database: Database): Promise<CreatedMigration> {
  try {
    if (database.orm.config.get('migrations').migrationsList !== undefined) {
      const sql = await migratorOf(database).changes();
      if (sql !== '') {
        throw listedError(database);
      }
      return { file: null, sql };
    }
    const { fileName, diff } = await migratorOf(database).create();
    const file = fileName === '' ? null : displayPath(join(folderOf(database), fileName));
    return { file, sql: diff.up.join('\n').trim() };
  } catch (error) {
    throw database.explain(error);
  }
}

function listedError({ name }: Database): MeridianError {
  return new MeridianError(
    'migration',
    `${name}: its MikroORM options list the migrations (migrationsList), so a new file would not be run. ` +
      `Print the SQL with npx meridian migrate:create ${name} --dry-run, and add a migration with it to the list.`,
  );
}

/** The folder into which MikroORM writes migrations: that of the sources if they are in TypeScript. Databases of one kind share it. */
export function folderOf({ orm: { config } }: Database): string {
  const { path = 'migrations', pathTs, emit = 'ts' } = config.get('migrations');
  return resolve(config.get('baseDir'), emit === 'ts' && pathTs !== undefined ? pathTs : path);
}
