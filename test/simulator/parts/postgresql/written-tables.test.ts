import { expect, test } from '@jest/globals';
import { changedTables, isCommitted } from './written-tables.ts';

test('the tables of a transaction are those that its statements write to', () => {
  const statements = [
    'begin',
    'insert into "Orders" ("id") values ($1)',
    'update "public"."stock" set on_hand = 1',
    '\n  delete from outbox_event where id = 1',
    'select id from checkouts for update',
    'savepoint one',
  ];
  expect(statements.reduce<Set<string> | undefined>(changedTables, new Set())).toEqual(
    new Set(['orders', 'stock', 'outbox_event']),
  );
});

test('a statement that may write to any table makes them unknown, whatever follows', () => {
  const unknown = changedTables(new Set(['orders']), 'with moved as (delete from stock returning *) select 1');
  expect(unknown).toBeUndefined();
  expect(changedTables(unknown, 'select 1')).toBeUndefined();
});

test.each([
  [true, 'COMMIT', null, true],
  // of a transaction in which a statement has failed
  [false, 'ROLLBACK', null, true],
  [true, 'UPDATE', 1, false],
  [false, 'UPDATE', 0, false],
  [false, 'SELECT', 1, false],
])('%p: committed by %s of %p rows, in a transaction: %p', (expected, command, rowCount, wasInTransaction) => {
  expect(isCommitted({ command, rowCount }, wasInTransaction)).toBe(expected);
});
