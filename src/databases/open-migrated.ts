/** Opens a database that is there already, at its newest schema. */
import { Database } from './database.ts';
import type { DatabaseDeclaration } from './declaration.ts';
import { lockDatabase } from './lock.ts';
import { migrateUp, migrationStatus } from './migrations.ts';

export interface OpenMigratedOptions {
  /** Whether to make it if it is not there. */
  readonly create?: boolean;
  /** Told of migrations that were applied. */
  readonly onMigrated?: (database: string, migrations: readonly string[]) => void;
}

/**
 * Applies pending migrations, for which it waits for populates and migrations of other processes.
 *
 * @returns nothing when the database is not there and not to be made
 * @throws MeridianError what keeps it from being opened or migrated
 */
export async function openMigrated(
  declaration: DatabaseDeclaration,
  { create = false, onMigrated }: OpenMigratedOptions = {},
): Promise<Database | undefined> {
  if (!create && !(await isThere(declaration))) {
    return undefined;
  }
  const database = await Database.open(declaration);
  try {
    if ((await migrationStatus(database)).pending.length > 0) {
      const lock = await lockDatabase(database);
      try {
        const migrations = await migrateUp(database);
        if (migrations.length > 0) {
          onMigrated?.(database.name, migrations);
        }
      } finally {
        await lock.release();
      }
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function isThere(declaration: DatabaseDeclaration): Promise<boolean> {
  const looked = new Database(declaration, { create: false });
  try {
    if (looked.isMissing) {
      return false;
    }
    await looked.connect();
    return !looked.isMissing;
  } finally {
    await looked.close();
  }
}
