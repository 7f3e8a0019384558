/** Adds an index over an expression to the users in a folder, which makes a load insert each batch within a savepoint. */
import { existsSync } from 'node:fs';
import SqliteFile from 'better-sqlite3';
import { users } from '../../../src/shop/catalog.ts';
import { fileOf } from '../databases.ts';
import { copyMigrated } from './migrated.ts';

export async function addIndex(folder: string): Promise<void> {
  const path = fileOf(folder, 'users');
  if (!existsSync(path)) {
    await copyMigrated(users, path);
  }
  const file = new SqliteFile(path);
  file.exec('create unique index users_lower_name on users (lower(name), id)');
  file.close();
}
