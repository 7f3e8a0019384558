/** Writes the migration that brings a database from its snapshot to what its entities say now. */
import { join, resolve } from 'node:path';
import { MeridianError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { displayPath } from './location.ts';
import { migratorOf } from './mikro-orm-migrator.ts';

export interface CreatedMigration {
  /** Of the file that was written; `null` where none was, since nothing has changed or nothing was to be written. */
  readonly file: string | null;
  /** What it runs. */
  readonly sql: string;
}

/** Writes nothing. */
export async function plannedMigration(database: Database): Promise<CreatedMigration> {
  try {
    return { file: null, sql: await migratorOf(database).changes() };
  } catch (error) {
    throw database.explain(error);
  }
}

/**
 * Writes a migration and the new snapshot into the project's folder, where the entities differ from the snapshot.
 *
 * @throws MeridianError `migration` where the options of MikroORM list the migrations, so that a file would not be run
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

/** Where MikroORM writes migrations: among the sources where they are written in TypeScript. Databases of a kind have the same one. */
export function folderOf({ orm: { config } }: Database): string {
  const { path = 'migrations', pathTs, emit = 'ts' } = config.get('migrations');
  return resolve(config.get('baseDir'), emit === 'ts' && pathTs !== undefined ? pathTs : path);
}
