/** Removes a database with all its contents. */
import { rm } from 'node:fs/promises';
import { MeridianError, messageOf } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { ownTableNames } from './own-migrations.ts';

/**
 * Closes the database and deletes its files. On a server, drops its tables and keeps the schema. The lock file is kept, since deleting it
 * while another process waits for it would let two processes in.
 *
 * @param database a connected database that the caller has locked
 */
export async function removeDatabase(database: Database): Promise<void> {
  const { files } = database.engine;
  if (files.length === 0) {
    await dropTables(database);
    await database.close();
    return;
  }
  await database.close();
  for (const file of files) {
    try {
      await rm(file, { force: true });
    } catch (error) {
      throw new MeridianError('database', `${database.name}: ${file} cannot be removed: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  }
}

/** Reverts the migrations, which also drops what else they created, such as sequences. */
async function dropTables(database: Database): Promise<void> {
  const { orm, engine } = database;
  const quote = (name: string) => orm.em.getPlatform().quoteIdentifier(name);
  try {
    await orm.migrator.down({ to: 0 });
    const own = [...ownTableNames(database.declaration), engine.ownMigrationTable].map(quote);
    for (const table of [engine.migrationTable.split('.').map(quote).join('.'), ...own]) {
      await database.fork().execute(`drop table if exists ${table}`);
    }
  } catch (error) {
    throw database.explain(error);
  }
}
