/** Opens databases that have, or get, the newest schema. */
import { MeridianError } from '../shared/errors.ts';
import { Database, type DatabaseOptions } from './database.ts';
import type { DatabaseDeclaration } from './declaration.ts';
import { urlVariable } from './location.ts';
import { lockDatabase } from './lock.ts';
import { hasPendingMigrations, migrateUp, refusePending } from './migrate.ts';

/** Called with the migrations that were applied. */
export type OnMigrated = (database: string, migrations: readonly string[]) => void;

/**
 * Creates the database if needed and applies pending migrations, waiting for populates and migrations of other processes. If nothing is
 * pending, it does not wait.
 *
 * @throws MeridianError if the database cannot be opened or migrated
 */
export async function openMigrated(
  declaration: DatabaseDeclaration,
  onMigrated?: OnMigrated,
  options?: DatabaseOptions,
): Promise<Database> {
  const database = await Database.open(declaration, options);
  try {
    if (!database.isClaimed || (await hasPendingMigrations(database))) {
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

/**
 * Opens a database that has the newest schema, for reading and writing.
 *
 * @throws MeridianError `database` when it does not exist, `migration` when a migration is pending
 */
export async function openExisting(
  declaration: DatabaseDeclaration,
  options?: Pick<DatabaseOptions, 'filtered'>,
): Promise<Database> {
  const database = await Database.unconnected(declaration, { ...options, mustExist: true });
  if (!database.isMissing) {
    await database.connect();
  }
  try {
    await refuseUnmigrated(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** @throws MeridianError `database` if the database does not exist, `migration` if it does not have the newest schema */
export async function refuseUnmigrated(database: Database): Promise<void> {
  if (database.isMissing) {
    throw new MeridianError(
      'database',
      `${database.name}: ${database.engine.absence}. Make it with npx meridian migrate, or say where it is with ${urlVariable(database.name)}.`,
    );
  }
  await refusePending(database);
}

/**
 * Opens a database to read from it, without creating or changing anything.
 *
 * @returns a database that the caller closes; if there is none, `isMissing` is true
 * @throws MeridianError `migration` if the schema is not the newest; other codes if the database cannot be opened
 */
export async function openToRead(
  declaration: DatabaseDeclaration,
  options?: Omit<DatabaseOptions, 'create'>,
): Promise<Database> {
  const database = await Database.open(declaration, { ...options, create: false });
  try {
    if (!database.isMissing) {
      await refusePending(database);
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Like {@link openMigrated}, without creating the database. @returns nothing if it does not exist */
export async function openIfThere(
  declaration: DatabaseDeclaration,
  onMigrated?: OnMigrated,
  options?: DatabaseOptions,
): Promise<Database | undefined> {
  return (await isThere(declaration, options))
    ? openMigrated(declaration, onMigrated, { ...options, mustExist: true })
    : undefined;
}

/** Whether anything of the database exists at its location; creates nothing. */
export async function isThere(declaration: DatabaseDeclaration, options?: DatabaseOptions): Promise<boolean> {
  const looked = await Database.unconnected(declaration, { ...options, create: false });
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
