/** A transaction that cannot begin, or cannot be undone, must not keep its connection: the database stays usable and can be closed. */
import { afterEach, expect, test } from '@jest/globals';
import { IsolationLevel } from '@mikro-orm/core';
import SqliteFile from 'better-sqlite3';
import type { Pool } from 'pg';
import { Database, type DatabaseOptions } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { users } from '../../../src/shop/catalog.ts';
import { fileOf } from '../../support/databases.ts';
import {
  describeWithPostgresql,
  type EngineName,
  forEachEngine,
  makePostgresqlPlace,
  sqlitePlace,
} from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { onlyEntity, onlyTable } from '../../support/only-table.ts';
import { terminateUnnoticed } from '../../support/postgresql/terminate.ts';

const opened: Database[] = [];

afterEach(closeAll);

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((database) => database.close()));
}

async function open(options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(users, options);
  opened.push(database);
  return database;
}

const count = (database: Database) => database.fork().count(onlyEntity(users).entity, {});
const failing = (database: Database) =>
  onlyTable(database)
    .write(database.fork(), () => Promise.resolve('begun'))
    .catch((error: unknown) => Promise.reject(database.explain(error)));

forEachEngine((makePlace, engine) => {
  /** A `begin` that the engine refuses. */
  async function refusedBegin(database: Database): Promise<unknown> {
    if (engine === 'sqlite') {
      await database.orm.em.execute('begin');
    }
    // one that PostgreSQL does not know
    return database.fork().begin({ isolationLevel: IsolationLevel.SNAPSHOT });
  }

  test('the error of a refused begin is thrown, and its connection returns to the pool', async () => {
    const database = await open((await makePlace()).options('users'));
    await migrateUp(database);
    for (let round = 0; round < 12; round++) {
      await expect(refusedBegin(database)).rejects.toThrow(/within a transaction|syntax error/);
    }
    expect(await count(database)).toBe(0);
    expect(await onlyTable(database).write(database.fork(), () => Promise.resolve('begun'))).toBe('begun');
  });

  test('a transaction that the engine has ended can be rolled back', async () => {
    const place = await makePlace();
    const database = await open(place.options('users'));
    await migrateUp(database);
    const em = database.fork();
    await em.begin();
    await em.execute("insert into users values (1, 'Alice', 'alice@example.com')");
    if (engine === 'sqlite') {
      await em.execute('rollback');
    } else {
      terminateUnnoticed(place.url('users'));
      await expect(em.execute('select 1')).rejects.toThrow();
    }
    await em.rollback();
    expect(await count(database)).toBe(0);
  });
});

/** Makes so many attempts to roll back fail before they get to the engine, as a fault of the disk or the network may. */
async function failRollbacks(database: Database, engine: EngineName, attempts: number): Promise<void> {
  let left = attempts;
  const refuse = (sql: unknown) => {
    if (sql === 'rollback' && left > 0) {
      left--;
      throw new Error('disk I/O error');
    }
  };
  const client: unknown = await database.orm.em.getConnection().getNativeClient();
  if (engine === 'sqlite') {
    const file = client as SqliteFile.Database;
    const prepare = file.prepare.bind(file);
    file.prepare = ((sql: string) => {
      refuse(sql);
      return prepare(sql);
    }) as typeof file.prepare;
  } else {
    (client as Pool).on('acquire', (one) => {
      const query = one.query.bind(one) as (...given: unknown[]) => unknown;
      one.query = (async (...given: unknown[]) => {
        refuse(given[0]);
        return query(...given);
      }) as typeof one.query;
    });
  }
}

forEachEngine((makePlace, engine) => {
  test.each([1, 2, 3])('a rollback that fails %d times leaves no transaction open', async (attempts) => {
    const place = await makePlace();
    const database = await open({ ...place.options('users'), connections: 1 });
    await migrateUp(database);
    await failRollbacks(database, engine, attempts);
    const write = (id: number, isFailing: boolean) =>
      database.transaction(async (em) => {
        await em.execute(`insert into users values (${id}, 'User', '${id}@example.com')`);
        if (isFailing) {
          throw new RangeError('on purpose');
        }
      });
    await expect(write(1, true)).rejects.toThrow('on purpose');
    for (let failure = 2; failure < attempts; failure++) {
      // a refusal is better than a write in a transaction that another caller has given up
      await expect(write(2, false)).rejects.toThrow('disk I/O error');
    }
    await write(3, false);
    // no lock is left behind, and what was given up is gone
    await place.execute('users', "insert into users values (4, 'User', '4@example.com')");
    expect(await place.rowsOf('users')).toMatchObject([{ id: 3 }, { id: 4 }]);
  });
});

test('SQLite: another process locks a file in rollback mode exclusively', async () => {
  const place = sqlitePlace(makeFolder());
  await migrateUp(await open(place.options('users')));
  await closeAll();
  const other = new SqliteFile(fileOf(place.folder, 'users'));
  other.pragma('journal_mode = delete');
  const database = await open({ ...place.options('users'), create: false });
  other.exec('begin exclusive');
  await expect(failing(database)).rejects.toMatchObject({ code: 'locked' });
  other.exec('rollback');
  other.close();
  expect(await count(database)).toBe(0);
});

describeWithPostgresql('PostgreSQL', () => {
  test('the server ends the connection just before', async () => {
    const place = await makePostgresqlPlace();
    const database = await open(place.options('users'));
    await migrateUp(database);
    for (let round = 0; round < 6; round++) {
      terminateUnnoticed(place.url('users'));
      await expect(failing(database)).rejects.toMatchObject({
        code: 'database',
        message: expect.stringMatching(/^users: the connection to .* was lost/),
      });
      expect(await onlyTable(database).write(database.fork(), () => Promise.resolve('begun'))).toBe('begun');
    }
  });
});
