/** A database file has one name, whatever links lead to it. */
import { linkSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { Database } from '../../../src/database/database.ts';
import { lockDatabase } from '../../../src/database/lock.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { refuseSharedFiles } from '../../../src/database/shared-files.ts';
import { realPath } from '../../../src/database/sqlite/real-path.ts';
import { users } from '../../../src/shop/catalog.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

function folders(): { real: string; link: string } {
  const folder = realpathSync(makeFolder());
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  return { real: join(folder, 'real'), link: join(folder, 'link') };
}

const at = (file: string, create = true) =>
  Database.unconnected(users, { location: { engine: 'sqlite', file }, create });

test('an existing file is resolved through links to it and to its directory', () => {
  const { real, link } = folders();
  const file = writeIn(real, 'users.db', '');
  symlinkSync('users.db', join(real, 'other.db'));
  expect(['users.db', 'other.db'].map((name) => realPath(join(link, name)))).toEqual([file, file]);
});

test('a file that does not exist yet is resolved through dangling links', () => {
  const { real, link } = folders();
  symlinkSync(join('..', 'link', 'users.db'), join(real, 'other.db'));
  symlinkSync('other.db', join(real, 'third.db'));
  const wanted = join(real, 'users.db');
  expect(['users.db', 'other.db', 'third.db'].map((name) => realPath(join(link, name)))).toEqual([
    wanted,
    wanted,
    wanted,
  ]);
  expect(realPath(join(link, 'a', 'b', 'users.db'))).toBe(join(real, 'a', 'b', 'users.db'));
});

test('circular links are not resolved', () => {
  const { real } = folders();
  symlinkSync('b', join(real, 'a'));
  symlinkSync('a', join(real, 'b'));
  expect(realPath(join(real, 'a'))).toBe(join(real, 'a'));
});

test('a database has one lock under all of its names, also before it exists', async () => {
  const { real, link } = folders();
  symlinkSync('users.db', join(real, 'other.db'));
  const [first, second] = [await at(join(link, 'users.db')), await at(join(real, 'other.db'))];
  try {
    await first.connect();
    const lock = await lockDatabase(first, 0);
    await second.connect();
    await expect(lockDatabase(second, 0)).rejects.toMatchObject({ code: 'locked' });
    await lock.release();
    await (await lockDatabase(second, 0)).release();
    expect(readdirSync(real).filter((name) => name.endsWith('.lock'))).toEqual(['users.db.lock']);
    expect(() => refuseSharedFiles([first, second])).toThrow(expect.objectContaining({ code: 'usage' }));
    // messages show the name that the user gave
    expect(second.place).toBe(join(real, 'other.db'));
  } finally {
    await first.close();
    await second.close();
  }
});

test('a link that changes later does not redirect this process', async () => {
  const { real } = folders();
  const link = join(real, 'link.db');
  symlinkSync('users.db', link);
  const database = await at(link);
  rmSync(link);
  symlinkSync('other.db', link);
  await database.connect();
  await migrateUp(database);
  const { location } = database;
  await database.close();
  expect(location).toMatchObject({ file: join(real, 'users.db') });
  expect(readdirSync(real).sort()).toEqual(['link.db', 'users.db']);
});

test.each([true, false])('a file with several names is refused (create: %s)', async (create) => {
  const { real } = folders();
  const file = join(real, 'users.db');
  new SqliteFile(file).exec('create table t (a)').close();
  linkSync(file, join(real, 'other.db'));
  for (const name of ['users.db', 'other.db']) {
    await expect((await at(join(real, name), create)).connect()).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(/^users: .*\.db has 2 names \(hard links\)/),
    });
  }
  expect(readdirSync(real).sort()).toEqual(['other.db', 'users.db']);
});

test.each(['a file of another program', 'nothing'])(
  'a link to %s in place of the lock file is not followed',
  async (what) => {
    const { real } = folders();
    const victim = join(real, 'victim');
    if (what !== 'nothing') {
      writeIn(real, 'victim', '');
    }
    const database = await at(join(real, 'users.db'));
    try {
      await database.connect();
      symlinkSync('victim', join(real, 'users.db.lock'));
      await expect(lockDatabase(database, 0)).rejects.toThrow(/users\.db\.lock cannot be used \(it is a symbolic link/);
      const tables = what === 'nothing' ? [] : new SqliteFile(victim).prepare('select name from sqlite_master').all();
      expect([tables, readdirSync(real).includes('victim')]).toEqual([[], what !== 'nothing']);
    } finally {
      await database.close();
    }
  },
);

test('a file that existed and is gone is not created again', async () => {
  const { real } = folders();
  const file = join(real, 'users.db');
  for (const create of [true, false]) {
    new SqliteFile(file).exec('create table t (a)').close();
    const database = await at(file, create);
    rmSync(file);
    await expect(database.connect()).rejects.toMatchObject({ code: 'database' });
    expect(readdirSync(real)).toEqual([]);
  }
});
