/** Statements and files of SQLite pass through the disk of an environment that has one. */
import { expect, test } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { type Disk, type DiskConnection, realEnvironment, runIn } from '../../../src/shared/environment.ts';
import { users } from '../../../src/shop/catalog.ts';
import { fileOf } from '../../support/databases.ts';
import { makeFolder } from '../../support/folder.ts';
import { copyMigrated } from '../../support/sqlite/migrated.ts';

/** Notes what passes; `before` may throw in place of a statement. */
function notingDisk(before: (sql: string) => void = () => undefined) {
  const opened: DiskConnection[] = [];
  const waits: number[] = [];
  const statements: string[] = [];
  const disk: Disk = {
    opened(connection, waitMilliseconds) {
      opened.push(connection);
      waits.push(waitMilliseconds);
    },
    async execute(_connection, sql, run) {
      before(sql);
      const result = await run();
      statements.push(sql);
      return result;
    },
  };
  return { opened, waits, statements, environment: { ...realEnvironment, disk } };
}

async function migratedUsers() {
  const location = { location: { engine: 'sqlite', file: fileOf(makeFolder(), 'users') } } as const;
  await copyMigrated(users, location.location.file);
  return location;
}

const ADD = "insert into users values (1, 'Ann', 'ann@example.com')";
const COUNT = 'select count(*) as count from users';

test('every statement passes, those of a transaction as well', async () => {
  const { opened, waits, statements, environment } = notingDisk();
  const location = await migratedUsers();
  const database = await runIn(environment, () => Database.open(users, location));
  statements.length = 0;
  await database.transaction((em) => em.execute(ADD));
  await expect(
    database.transaction(async () => {
      throw new Error('not today');
    }),
  ).rejects.toThrow('not today');
  expect(statements).toEqual(['begin', ADD, 'commit', 'begin', 'rollback']);
  expect(opened).toMatchObject([{ name: location.location.file, inTransaction: false }]);
  expect(waits).toEqual([5000]);
  await database.close();
});

test('a database that is at its newest schema is opened without asking anything twice', async () => {
  const { statements, environment } = notingDisk();
  const location = await migratedUsers();
  const database = await runIn(environment, () => openMigrated(users, undefined, location));
  expect(statements.filter((sql, index) => statements.indexOf(sql) !== index)).toEqual([]);
  // what MikroORM would ask to see whether there is any table
  expect(statements.filter((sql) => sql.includes('sqlite_temp_master'))).toEqual([]);
  await database.close();
});

test('an error in place of a statement is one of the database', async () => {
  const { environment } = notingDisk((sql) => {
    if (sql === ADD) {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    }
  });
  const location = await migratedUsers();
  const database = await runIn(environment, () => Database.open(users, location));
  const failed = await database.transaction((em) => em.execute(ADD)).catch((error) => database.explain(error));
  expect(failed).toMatchObject({ code: 'database', message: expect.stringContaining('full') });
  expect(await database.fork().execute(COUNT)).toEqual([{ count: 0 }]);
  await database.close();
});

test('SQLite waits for no lock: the statement fails at once, and the disk may run it again', async () => {
  const location = await migratedUsers();
  const holder = await Database.open(users, location);
  const fork = holder.fork();
  await fork.begin();
  await fork.execute(ADD);
  let attempts = 0;
  const disk: Disk = {
    opened: () => undefined,
    async execute(_connection, sql, run) {
      try {
        return await run();
      } catch (error) {
        attempts++;
        expect(error).toMatchObject({ code: 'SQLITE_BUSY' });
        expect(sql).toBe('delete from users');
        await fork.commit();
        return run();
      }
    },
  };
  const database = await runIn({ ...realEnvironment, disk }, () => Database.open(users, location));
  await database.fork().execute('delete from users');
  expect(attempts).toBe(1);
  expect(await holder.fork().execute(COUNT)).toEqual([{ count: 0 }]);
  await holder.close();
  await database.close();
});

test('a killed connection loses what it has not committed, and can be closed all the same', async () => {
  const { opened, environment } = notingDisk();
  const location = await migratedUsers();
  const database = await runIn(environment, () => Database.open(users, location));
  const fork = database.fork();
  await fork.begin();
  await fork.execute(ADD);
  const [connection] = opened;
  expect(connection?.inTransaction).toBe(true);
  connection?.close();
  await database.close();
  const survivor = await Database.open(users, location);
  expect(await survivor.fork().execute(COUNT)).toEqual([{ count: 0 }]);
  await survivor.close();
});

test('a lock file is opened on the disk as well: it ends with its process', async () => {
  const { opened, environment } = notingDisk();
  const location = await migratedUsers();
  const database = await Database.open(users, location);
  const request = { database: 'users', isReadOnly: false, waitSeconds: 0 };
  await runIn(environment, () => database.engine.lock(request));
  await expect(database.engine.lock(request)).rejects.toMatchObject({ code: 'locked' });
  expect(opened).toMatchObject([{ name: `${location.location.file}.lock` }]);
  opened[0]?.close();
  await (await database.engine.lock(request)).release();
  await database.close();
});
