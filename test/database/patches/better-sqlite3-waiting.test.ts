/** A statement that meets the lock of another process waits for it, and keeps nothing else of this process waiting. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { Database, type DatabaseOptions } from '../../../src/database/database.ts';
import { Table } from '../../../src/database/table.ts';
import { users } from '../../../src/shop/catalog.ts';
import { countsOf, fileOf, locationIn, populateIn } from '../../support/databases.ts';
import { makeFolder } from '../../support/folder.ts';
import { onlyTable } from '../../support/only-table.ts';
import { sourceOf } from '../../support/sources.ts';
import { copyMigrated } from '../../support/sqlite/migrated.ts';

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const one of opened.splice(0)) {
    await one.close();
  }
});

async function openUsers(options: DatabaseOptions = {}): Promise<{ database: Database; holder: SqliteFile.Database }> {
  const file = fileOf(makeFolder(), 'users');
  await copyMigrated(users, file);
  const database = await Database.open(users, {
    location: { engine: 'sqlite', file },
    keepsThreadFree: true,
    ...options,
  });
  const holder = new SqliteFile(file);
  opened.push(database, holder);
  return { database, holder };
}

const addUser = (database: Database) =>
  onlyTable(database).write(database.fork(), (em) =>
    em.execute("insert into users values (1, 'Ann', 'ann@example.com')"),
  );

test('another connection of the same thread can go on, and give the lock back', async () => {
  const { database, holder } = await openUsers();
  holder.exec('begin immediate');
  const adding = addUser(database);
  await pause(50);
  holder.exec('commit');
  await adding;
  expect(holder.prepare('select id from users').all()).toEqual([{ id: 1 }]);
});

test.each([0, 0.1])('it gives up after %d seconds', async (answerSeconds) => {
  const { database, holder } = await openUsers({ answerSeconds });
  holder.exec('begin immediate');
  const startedAt = performance.now();
  const error = await addUser(database).catch((thrown: unknown) => database.explain(thrown));
  expect(error).toMatchObject({ code: 'locked' });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(answerSeconds * 1000);
});

test('a connection that must not block fails at once', async () => {
  const { database, holder } = await openUsers({ answerSeconds: 3600 });
  await database.engine.neverBlock(database.fork());
  holder.exec('begin immediate');
  await expect(addUser(database)).rejects.toThrow(/locked/);
});

test('a transaction that has read what was changed since does not wait in vain', async () => {
  const { database, holder } = await openUsers({ answerSeconds: 3600 });
  const transaction = database.fork().transactional(async (em) => {
    await em.execute('select * from users');
    holder.exec("insert into users values (2, 'Bob', 'bob@example.com')");
    await em.execute("insert into users values (3, 'Cid', 'cid@example.com')");
  });
  await expect(transaction).rejects.toThrow(/locked/);
});

test('a populate waits like that', async () => {
  const folder = makeFolder();
  const file = fileOf(folder, 'users');
  await copyMigrated(users, file);
  const holder = new SqliteFile(file);
  opened.push(holder);
  holder.exec('begin immediate');
  const { write } = Table.prototype;
  jest.spyOn(Table.prototype, 'write').mockImplementationOnce(function (this: Table, ...given) {
    // the lock is met before the next turn of the event loop, if that comes
    setImmediate(() => holder.exec('commit'));
    return write.apply(this, given) as never;
  });
  const report = await populateIn(folder, {
    sources: { users: sourceOf([{ id: 1, name: 'Ann', email: 'ann@example.com' }]) },
    databaseOptions: (name) => ({ ...locationIn(folder, name), answerSeconds: 60 }),
  });
  expect(countsOf(report)).toMatchObject({ users: { inserted: 1 } });
});
