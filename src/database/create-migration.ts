/** Writes the migration that brings a database from its snapshot to what its entities say now. */
import { join, resolve } from 'node:path';
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

/** Writes a migration and the new snapshot into the project's folder, where the entities differ from the snapshot. */
export async function createMigration(database: Database): Promise<CreatedMigration> {
  try {
    const { fileName, diff } = await migratorOf(database).create();
    const file = fileName === '' ? null : displayPath(join(folderOf(database), fileName));
    return { file, sql: diff.up.join('\n').trim() };
  } catch (error) {
    throw database.explain(error);
  }
}

/** Where MikroORM writes migrations: among the sources where they are written in TypeScript. Databases of a kind have the same one. */
export function folderOf({ orm: { config } }: Database): string {
  const { path = 'migrations', pathTs, emit = 'ts' } = config.get('migrations');
  return resolve(config.get('baseDir'), emit === 'ts' && pathTs !== undefined ? pathTs : path);
}
