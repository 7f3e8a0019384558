/** Databases whose names SQLite has a meaning for. */
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { Database } from '../../src/database/database.ts';
import { query } from '../../src/query/query.ts';
import { fileOf } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';

/** Each with a table that holds its name. */
function databases(names: readonly string[]): Promise<Database[]> {
  const folder = makeFolder();
  const databases = names.map((name) => {
    const file = fileOf(folder, name);
    const made = new SqliteFile(file);
    made.exec(`create table names (name text); insert into names values ('${name}')`);
    made.close();
    return Database.unconnected({ name, entities: [] }, { location: { engine: 'sqlite', file } });
  });
  return Promise.all(databases);
}

async function rowsOf(among: readonly Database[], sql: string): Promise<unknown[]> {
  const found: unknown[] = [];
  await query(among, { sql, signal: new AbortController().signal }, async ({ batches }) => {
    for await (const batch of batches) {
      found.push(...batch);
    }
  });
  return found;
}

test('a database called main is one of those that are queried, wherever it stands', async () => {
  const sql = 'select a.name, b.name from main.names a, users.names b';
  expect(await rowsOf(await databases(['users', 'main']), sql)).toEqual([['main', 'users']]);
  expect(await rowsOf(await databases(['main', 'users']), sql)).toEqual([['main', 'users']]);
});

test('one called temp is refused with a sentence', async () => {
  await expect(rowsOf(await databases(['users', 'temp']), 'select 1')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/^SQLite has a schema "temp" of its own/),
  });
});

test('what JSON has no number for is text', async () => {
  expect(await rowsOf(await databases(['users']), 'select 9e999, -9e999, 1.5')).toEqual([
    ['Infinity', '-Infinity', 1.5],
  ]);
});
