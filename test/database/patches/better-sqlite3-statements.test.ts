/** Statements that stay prepared behave as if they were prepared each time. */
import { beforeEach, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { keepStatements } from '../../../src/database/patches/better-sqlite3-statements.ts';

let connection: SqliteFile.Database;

beforeEach(() => {
  connection = new SqliteFile(':memory:');
  keepStatements(connection);
  connection.exec('create table t (a)');
});

test('the same statement is prepared once', () => {
  expect(connection.prepare('select * from t')).toBe(connection.prepare('select * from t'));
});

test('a change of the schema is seen', () => {
  const read = () => connection.prepare('select * from t').all();
  connection.prepare('insert into t values (?)').run(1);
  expect(read()).toEqual([{ a: 1 }]);
  connection.exec('alter table t add column b default 2');
  expect(read()).toEqual([{ a: 1, b: 2 }]);
  connection.exec('drop table t');
  expect(read).toThrow('no such table');
});

test('one whose rows are being read runs again all the same', () => {
  connection.exec('insert into t values (1), (2)');
  const seen: unknown[] = [];
  for (const row of connection.prepare('select a from t order by a').iterate()) {
    seen.push(row, connection.prepare('select a from t order by a').all());
  }
  const all = [{ a: 1 }, { a: 2 }];
  expect(seen).toEqual([{ a: 1 }, all, { a: 2 }, all]);
});

test('those that are long, or have not been used for a hundred others, are not kept', () => {
  const long = `select '${'x'.repeat(5000)}'`;
  expect(connection.prepare(long)).not.toBe(connection.prepare(long));
  const first = connection.prepare('select 0');
  for (let number = 1; number <= 100; number++) {
    connection.prepare(`select ${number}`);
  }
  expect(connection.prepare('select 0')).not.toBe(first);
  expect(connection.prepare('select 100')).toBe(connection.prepare('select 100'));
});
