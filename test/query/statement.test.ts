/** A query before a database gets it: one statement that reads, and its parameters. */
import { expect, test } from '@jest/globals';
import { distinctNames, wholeNumberOf } from '../../src/query/rows.ts';
import { readStatement, valuesOf } from '../../src/query/statement.ts';

test.each([
  ['select 1', 'select'],
  ['  SELECT 1 ;  ', 'select'],
  ['-- a comment\n/* and another; */ with a as (select 1) select * from a;;', 'with'],
  ['((select 1) union (select 2))', 'select'],
  ['values (1)', 'values'],
  ['explain select 1', 'explain'],
  ["select ';' as \"a;b\", `c;d`, $$;$$, $x$;$x$, E'\\';' -- ; at the end", 'select'],
])('%s', (sql, keyword) => {
  expect(readStatement(sql)).toMatchObject({ keyword, parameters: [] });
});

test.each([
  ['', 'There is no query.'],
  ['  -- only a comment', 'There is no query.'],
  [';', 'There is no query.'],
  ['select 1; drop table users', 'There is more than one statement.'],
  ["select ''; select 2", 'There is more than one statement.'],
  ["attach 'x.db' as x", 'this one with "attach"'],
  ['PRAGMA query_only = off', 'this one with "pragma"'],
  ['commit', 'this one with "commit"'],
  ['delete from users', 'this one with "delete"'],
  ['vacuum into "x"', 'this one with "vacuum"'],
  ['}', 'this one with "}"'],
])('%s is refused', (sql, sentence) => {
  expect(() => readStatement(sql)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining(sentence) }),
  );
});

test('parameters stand outside of text, names, comments and casts', () => {
  const statement = readStatement(
    `select :a::text, ':b', ":c", E'\\':d', $$:e$$, x'00' -- :f\n, /* :g */ :a, '::', :_h1 from t where a[1]::int = :i`,
  );
  expect(statement.parameters).toEqual(['a', '_h1', 'i']);
  expect(statement.with((name) => `<${name}>`)).toBe(
    `select <a>::text, ':b', ":c", E'\\':d', $$:e$$, x'00' -- :f\n, /* :g */ <a>, '::', <_h1> from t where a[1]::int = <i>`,
  );
});

test('each parameter has a value, and each value a parameter', () => {
  const statement = readStatement('select :b, :a, :b');
  expect(
    valuesOf(
      statement,
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    ),
  ).toEqual(['2', '1']);
  expect(() => valuesOf(statement, new Map([['a', '1']]))).toThrow(
    "The query's parameter :b has no value. Give it one with --param b=<value>.",
  );
  expect(() => valuesOf(statement, new Map([['c', '1']]))).toThrow('The query has no parameter :c. It has :b, :a.');
  expect(() => valuesOf(readStatement('select 1'), new Map([['c', '1']]))).toThrow(
    'The query has no parameter :c. It has none.',
  );
});

test('columns of the same name are told apart', () => {
  expect(distinctNames(['id', 'name', 'id', 'id'])).toEqual(['id', 'name', 'id:1', 'id:2']);
});

test('a whole number is exact', () => {
  expect([wholeNumberOf(5n), wholeNumberOf('-7'), wholeNumberOf(9007199254740993n)]).toEqual([
    5,
    -7,
    '9007199254740993',
  ]);
});
