/** What a column stores of a bound row is what it stores of the same row in JSON. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Column, Row } from '../../../src/database/columns.ts';
import { SqliteFile } from '../../../src/database/sqlite/better-sqlite3.ts';
import { boundRows } from '../../../src/database/sqlite/bound-rows.ts';
import { sqliteRows } from '../../../src/database/sqlite/rows.ts';

const TYPES = ['integer', 'bigint', 'text', 'varchar(20)', 'real', 'numeric(10,2)', 'datetime', 'boolean', 'json', ''];
const columns = [...TYPES, 'blob'].map((type, index) => {
  const name = `c${index}`;
  return { property: name, name, type, toColumn: (value: unknown) => value ?? null } as unknown as Column;
});

const cell = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, false, 0, -0, 1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e21, 1e300),
  fc.constantFrom<unknown>('', '1', '1.0', '9007199254740993', 'null', '1e3', { a: [1, 'b'] }, new Date(0)),
  // JSON rounds greater whole numbers, which no property has, to another number that JavaScript takes for the same
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((one) => !Number.isInteger(one) || Number.isSafeInteger(one)),
  fc.maxSafeInteger(),
  fc.string().filter((text) => !text.includes('\0') && text.isWellFormed()),
);
const bytes = fc.oneof(fc.constant(null), fc.uint8Array());
const row: fc.Arbitrary<Row> = fc
  .tuple(fc.array(cell, { minLength: TYPES.length, maxLength: TYPES.length }), bytes)
  .map(([cells, last]) => Object.fromEntries([...cells, last].map((value, index) => [`c${index}`, value])));

test('every value is stored as the same value of the same type', () => {
  const file = new SqliteFile(':memory:');
  const names = columns.map(({ name }) => name);
  for (const table of ['of_json', 'bound']) {
    file.exec(`create table ${table} (${columns.map(({ name, type }) => `${name} ${type}`).join()})`);
  }
  const insert = (table: string, given: string, parameters: unknown[]) =>
    file.prepare(`insert into ${table} (${names.join()}) ${given}`).run(parameters);
  const content = (table: string) =>
    file
      .prepare(`select ${names.map((name) => `typeof(${name}), quote(${name})`).join()} from ${table}`)
      .raw()
      .all();
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const cells = rows.map((one) => columns.map(({ property, toColumn }) => toColumn(one[property])));
      insert('of_json', sqliteRows.select(columns, 0), sqliteRows.parameters(columns, cells));
      insert('bound', boundRows.select(columns, rows.length), boundRows.parameters(columns, rows));
      expect(content('bound')).toEqual(content('of_json'));
      file.exec('delete from of_json; delete from bound');
    }),
  );
  file.close();
});

test.each([1, 4, 7, 40, 2000, 32_766])('a statement of %d columns has no more variables than SQLite takes', (count) => {
  const rows = boundRows.rows(count);
  expect(rows).toBeGreaterThanOrEqual(1);
  expect(rows * count).toBeLessThanOrEqual(32_766);
});
