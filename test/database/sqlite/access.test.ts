/** A database file and a user who may not write it, or not all that is beside it: nothing is left behind, and messages name the file. */
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { type CommandResult, meridian } from '../../support/command.ts';
import { depth, thoroughTest } from '../../support/depth.ts';
import { makeFolder } from '../../support/folder.ts';
import { asOrdinaryUser, giveAway } from '../../support/permission.ts';

let cwd = '';
const opened: SqliteFile.Database[] = [];

/** Files below `databases/`, which everybody may write to. */
const files = () => readdirSync(join(cwd, 'databases')).sort();
const pathOf = (name: string) => join(cwd, 'databases', name);
const asReader = (...args: string[]): Promise<CommandResult> => meridian(args, { cwd, ...asOrdinaryUser });

/** A child process of root runs as another user, who may not write files of root; that of any other user runs as the owner. */
function makeReadOnly(name: string): void {
  chmodSync(pathOf(name), process.getuid?.() === 0 ? 0o644 : 0o444);
}

/** A process that uses the database and has something in the write-ahead log. */
function use(name: string): void {
  const file = new SqliteFile(pathOf(name));
  opened.push(file);
  file.exec('create table elsewhere (id integer)');
}

beforeEach(async () => {
  cwd = makeFolder();
  giveAway(cwd);
  expect(await meridian(['migrate', 'users'], { cwd })).toMatchObject({ code: 0 });
  chmodSync(join(cwd, 'databases'), 0o777);
});

afterEach(() => {
  for (const file of opened.splice(0)) {
    file.close();
  }
});

test('neither a read nor a write by a user with read permission only leaves files that lock the owner out', async () => {
  makeReadOnly('users.db');
  const before = files();
  const look = await asReader('runs', 'users');
  expect(look).toMatchObject({ code: 1, stdout: '' });
  expect(look.stderr).toMatch(
    /^Error: users: databases\/users\.db is read-only for this user, and to read it would leave files beside it/,
  );
  const write = await asReader('migrate', 'users');
  expect(write).toMatchObject({ code: 1 });
  expect(write.stderr).toBe(
    'Error: users: databases/users.db is read-only. Give this user write permission on the file and its directory.\n',
  );
  expect(files()).toEqual(before);
});

thoroughTest('a file that another process has open can be read', async () => {
  use('users.db');
  makeReadOnly('users.db');
  const before = files();
  expect(before).toContain('users.db-shm');
  expect(await asReader('runs', 'users')).toMatchObject({ code: 0, stderr: '' });
  expect(files()).toEqual(before);
});

thoroughTest('a file without a write-ahead log can be read', async () => {
  const file = new SqliteFile(pathOf('users.db'));
  file.pragma('journal_mode = delete');
  file.close();
  makeReadOnly('users.db');
  const before = files();
  expect(await asReader('runs', 'users')).toMatchObject({ code: 0, stderr: '' });
  expect(files()).toEqual(before);
});

test.each(['users.db-wal', 'users.db-shm'].slice(0, depth(1, 2)))(
  '%s that belongs to another user is named',
  async (name) => {
    use('users.db');
    for (const one of files().filter((other) => other !== name)) {
      giveAway(pathOf(one));
    }
    makeReadOnly(name);
    const { code, stderr } = await asReader('populate', '--quiet');
    expect(stderr).toContain(
      `users: databases/users.db cannot be written, because databases/${name} is read-only. Give this user write permission on it.`,
    );
    expect(code).toBe(1);
  },
);

thoroughTest('a lock file that belongs to another user is named', async () => {
  giveAway(pathOf('users.db'));
  makeReadOnly('users.db.lock');
  const { code, stderr } = await asReader('populate', '--quiet');
  expect(stderr).toContain(
    'users: the lock file databases/users.db.lock is read-only. Give this user write permission',
  );
  expect(code).toBe(1);
});
