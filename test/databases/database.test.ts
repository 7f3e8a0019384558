/** Opening a database file: how it is set up, and the sentence for each thing that can be wrong with it. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { users } from '../../src/databases/catalog.ts';
import { Database, type DatabaseOptions } from '../../src/databases/database.ts';
import { migrateUp } from '../../src/databases/migrations.ts';
import { MeridianError } from '../../src/errors.ts';
import { fileOf, locationIn, rowsOf } from '../support/databases.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(users, options);
  opened.push(database);
  return database;
}

async function errorOf(work: Promise<unknown>): Promise<MeridianError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MeridianError);
  return error as MeridianError;
}

test('writes are safe on disk before they are told, and others are waited for', async () => {
  const folder = makeFolder();
  const database = await open(locationIn(folder, 'users'));
  const em = database.fork();
  const pragma = async (name: string) => Object.values((await em.execute(`pragma ${name}`))[0] ?? {})[0];
  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('busy_timeout')).toBe(5000);
});

describe('what cannot be opened is told with its file', () => {
  test('a file that is no database', async () => {
    const folder = makeFolder();
    const path = writeIn(folder, 'users.db', 'This is a text file and no database.\n'.repeat(50));
    const { code, message } = await errorOf(open(locationIn(folder, 'users')));
    expect(code).toBe('database');
    expect(message).toContain(path);
    expect(message).toContain('is not an SQLite database');
  });

  test('a directory', async () => {
    const folder = makeFolder();
    mkdirSync(fileOf(folder, 'users'));
    const { code, message } = await errorOf(open(locationIn(folder, 'users')));
    expect(code).toBe('database');
    expect(message).toContain(fileOf(folder, 'users'));
    expect(message).toContain('directory');
  });

  test('a file below something that is no directory', async () => {
    const folder = makeFolder();
    writeIn(folder, 'file', '');
    const { code, message } = await errorOf(open(locationIn(join(folder, 'file', 'below'), 'users')));
    expect(['database', 'directory']).toContain(code);
    expect(message).toContain(join(folder, 'file', 'below'));
  });

  test('a file that somebody else has locked', async () => {
    const folder = makeFolder();
    const holder = new SqliteFile(fileOf(folder, 'users'));
    holder.exec('create table t (id integer); begin exclusive');
    const { code, message } = await errorOf(open(locationIn(folder, 'users')));
    holder.close();
    expect(code).toBe('locked');
    expect(message).toContain(fileOf(folder, 'users'));
    await open(locationIn(folder, 'users'));
  });
});

test('create: false makes neither file nor folder', async () => {
  const folder = makeFolder();
  await open({ ...locationIn(join(folder, 'below'), 'users'), create: false });
  expect(readdirSync(folder)).toEqual([]);
});

describe('write', () => {
  test('holds the write lock before it reads', async () => {
    const folder = makeFolder();
    const database = await open(locationIn(folder, 'users'));
    await migrateUp(database);
    const other = new SqliteFile(fileOf(folder, 'users'), { timeout: 0 });
    const insert = () => other.exec("insert into users values (2, 'Bob', 'bob@example.com')");
    await database.write(database.fork(), async (transaction) => {
      expect(await transaction.find(users.entity, {})).toEqual([]);
      // without the lock this would commit, and the insert below would fail with SQLITE_BUSY_SNAPSHOT
      expect(insert).toThrow('database is locked');
      await transaction.execute("insert into users values (1, 'Alice', 'alice@example.com')");
    });
    insert();
    other.close();
    expect(rowsOf(folder, 'users')).toHaveLength(2);
  });

  test('takes back everything when it fails', async () => {
    const folder = makeFolder();
    const database = await open(locationIn(folder, 'users'));
    await migrateUp(database);
    const failing = database.write(database.fork(), async (transaction) => {
      await transaction.execute("insert into users values (1, 'Alice', 'alice@example.com')");
      throw new RangeError('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(rowsOf(folder, 'users')).toEqual([]);
  });
});
