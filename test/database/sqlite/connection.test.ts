/** How a file is opened that another process is using. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { Database } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { withRetry } from '../../../src/database/retry.ts';
import { users } from '../../../src/shop/catalog.ts';
import { fileOf, locationIn } from '../../support/databases.ts';
import { makeFolder } from '../../support/folder.ts';

/** A file that is not in WAL mode yet, such as "vacuum into" makes, and that another connection writes to. */
function written(folder: string): SqliteFile.Database {
  const holder = new SqliteFile(fileOf(folder, 'users'));
  holder.exec('create table t (id integer); begin immediate; insert into t values (1)');
  return holder;
}

test('opening waits for a writer of a file that is not in WAL mode yet', async () => {
  const folder = makeFolder();
  const holder = written(folder);
  let isOpen = false;
  const opening = Database.open(users, locationIn(folder, 'users')).then((database) => {
    isOpen = true;
    return database;
  });
  for (let count = 0; count < 20; count++) {
    await turn();
  }
  expect(isOpen).toBe(false);
  holder.exec('commit');
  const database = await opening;
  expect(await database.fork().execute('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  await migrateUp(database);
  await database.close();
  holder.close();
});

test('the wait is limited', async () => {
  const folder = makeFolder();
  const holder = written(folder);
  await expect(Database.open(users, { ...locationIn(folder, 'users'), answerSeconds: 0 })).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining('users.db is locked by another process (waited 0 seconds).'),
  });
  holder.close();
});

test('the error of withRetry says how long it waited', async () => {
  const folder = makeFolder();
  const database = await Database.open(users, locationIn(folder, 'users'));
  await database.engine.neverBlock(database.fork());
  const holder = written(folder);
  const work = () => database.fork().execute('create table u (id integer)');
  await expect(withRetry(database, work, 0.05)).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining('is locked by another process (waited 0.05 seconds).'),
  });
  holder.close();
  await database.close();
});
