/** What an error of SQLite means for the person who has to deal with it. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { explainSqliteError, isSqliteAnswer, refusesSqliteValue } from '../../../src/database/sqlite/errors.ts';
import { makeFolder } from '../../support/folder.ts';

/** The error that a piece of work really meets. */
function errorOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('There was no error');
}

function filled(path: string): SqliteFile.Database {
  const file = new SqliteFile(path);
  file.exec('create table t (id integer primary key, text text); insert into t (text) values (hex(randomblob(20000)))');
  return file;
}

test.each<[string, (folder: string) => string, (file: string) => void, RegExp]>([
  [
    'no database',
    (folder) => {
      const file = join(folder, 'users.db');
      writeFileSync(file, 'id,name\n'.repeat(200));
      return file;
    },
    (file) => new SqliteFile(file).exec('select * from sqlite_master'),
    /users\.db is not an SQLite database\. Move it away/,
  ],
  [
    'damaged',
    (folder) => {
      const file = join(folder, 'users.db');
      filled(file).close();
      const descriptor = openSync(file, 'r+');
      writeSync(descriptor, Buffer.alloc(8192, 0xff), 0, 8192, 4096);
      closeSync(descriptor);
      return file;
    },
    (file) => new SqliteFile(file).prepare('select * from t').all(),
    /users\.db is damaged \(.*\)\. Restore it from a backup\./,
  ],
  [
    'full',
    (folder) => {
      const file = join(folder, 'users.db');
      filled(file).close();
      return file;
    },
    (path) => {
      const file = new SqliteFile(path);
      file.pragma('max_page_count = 1');
      file.exec('insert into t (text) values (hex(randomblob(20000)))');
    },
    /users\.db cannot grow: the disk is full\. Free some space and run the same command again\./,
  ],
  [
    'only to be read',
    (folder) => {
      const file = join(folder, 'users.db');
      filled(file).close();
      return file;
    },
    (file) => new SqliteFile(file, { readonly: true }).exec('delete from t'),
    /users\.db is read-only\. Give this user write permission on the file and its directory\./,
  ],
  [
    'a folder',
    (folder) => {
      mkdirSync(join(folder, 'users.db'));
      return join(folder, 'users.db');
    },
    (file) => new SqliteFile(file),
    /users\.db cannot be opened\. Check that its directory exists/,
  ],
  [
    'below a file',
    (folder) => {
      writeFileSync(join(folder, 'file'), '');
      return join(folder, 'file', 'users.db');
    },
    (file) => mkdirSync(join(file, '..'), { recursive: true }),
    /users\.db cannot be created: a part of its path is a file/,
  ],
])('%s', (_, make, work, expected) => {
  const file = make(makeFolder());
  expect(
    explainSqliteError(
      file,
      errorOf(() => work(file)),
    )?.sentence ?? '',
  ).toMatch(expected);
});

test('a lock of another connection has its own code', () => {
  const file = join(makeFolder(), 'users.db');
  const holder = filled(file);
  holder.exec('begin immediate');
  const other = new SqliteFile(file, { timeout: 0 });
  const error = errorOf(() => other.exec('begin immediate'));
  expect(explainSqliteError(file, error)).toEqual({
    code: 'locked',
    sentence: expect.stringMatching(/is locked by another process/),
  });
  other.close();
  holder.close();
});

test.each([
  new SqliteFile.SqliteError('unable to open database file', 'SQLITE_CANTOPEN'),
  new SqliteFile.SqliteError('disk I/O error', 'SQLITE_IOERR_GETTEMPPATH'),
  Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE' }),
])('no file descriptor is left: %p', (error) => {
  const noneLeft = () => {
    throw Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE' });
  };
  expect(explainSqliteError('users.db', error, { openAnother: noneLeft })).toEqual({
    code: 'database',
    sentence:
      'users.db cannot be opened: this process has reached its limit of open files. Raise the limit, for example with ' +
      'ulimit -n 8192 (LimitNOFILE in a systemd service), or name fewer regions.',
  });
});

const TABLES = `create table parent (id integer primary key, name text not null unique);
  create table t (id integer primary key, parent integer references parent, text text check (text <> 'bad')) strict;
  insert into parent values (1, 'A');
  create trigger picky before insert on t when new.text = 'worse' begin select raise(abort, 'never that'); end;
  create trigger full before insert on t when new.text = 'full' begin select raise(abort, 'database or disk is full'); end;`;

test.each<[string, string, boolean]>([
  ['a check', "insert into t (text) values ('bad')", true],
  ['a trigger', "insert into t (text) values ('worse')", true],
  ['a value of another type', "insert into t (parent) values ('x')", true],
  ['a key of another type', "insert into parent values ('x', 'B')", true],
  ['too much text', 'insert into t (text) values (zeroblob(2000000000))', true],
  ['a key that is taken', "insert into parent values (1, 'B')", false],
  ['a unique value that is taken', "insert into parent values (2, 'A')", false],
  ['a value that is missing', 'insert into parent values (2, null)', false],
  ['a row that refers to nothing', 'insert into t (parent) values (7)', false],
  ['a table that is not there', "insert into elsewhere values ('bad')", false],
  ['a column that is not there', "insert into t (elsewhere) values ('bad')", false],
  ['no SQL', 'insert t', false],
  ['a trigger that says that the disk is full', "insert into t (text) values ('full')", false],
])('%s: whether it is the value that is refused', (_, statement, isValue) => {
  const path = join(makeFolder(), 'users.db');
  const file = new SqliteFile(path);
  file.exec(TABLES);
  const error = errorOf(() => file.exec(statement));
  expect([isSqliteAnswer(error), refusesSqliteValue(path, error)]).toEqual([true, isValue]);
  file.close();
});

test('an error from outside SQLite is not a refused value', () => {
  for (const error of [new TypeError('x is not a function'), new Error('CHECK constraint failed'), undefined, 'text']) {
    expect([isSqliteAnswer(error), refusesSqliteValue('users.db', error)]).toEqual([false, false]);
  }
});

test('a failing disk, and an unknown error', () => {
  const failing = new SqliteFile.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
  expect(explainSqliteError('users.db', failing)?.sentence).toBe(
    'users.db could not be read or written (disk I/O error). Check the disk.',
  );
  expect(explainSqliteError('users.db', new Error('something else'))).toBeUndefined();
});
