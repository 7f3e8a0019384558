/** Removes a database and all that is in it. */
import { rm } from 'node:fs/promises';
import { MeridianError, messageOf } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { ownTableNames } from './own-migrations.ts';

/**
 * Closes the database and deletes its files, or drops its tables on a server, whose schema stays. The lock file stays as well: one that is
 * deleted while another process waits for it would let two in.
 *
 * @param database connected, and locked by the caller
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

/** What migrations have made, they take away: tables, and what else there is, such as sequences. */
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
