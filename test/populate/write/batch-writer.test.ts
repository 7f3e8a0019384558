/** What a batch costs: one statement and no savepoint if all is new, and no savepoint if nothing is written. */
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { users } from '../../../src/shop/catalog.ts';
import { countsOf, populateIn, rowsOf } from '../../support/databases.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import { sourceOf } from '../../support/sources.ts';
import { addIndex } from '../../support/sqlite/add-index.ts';

const upTo = (count: number, name = 'User') =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: `${name} ${index + 1}`,
    email: `user${index + 1}@example.com`,
  }));

const NOTED =
  /^(savepoint attempt|rollback to savepoint attempt|release savepoint attempt|(insert (or fail )?into|update) [`"]users[`"])/;

/** The statements of a load of two batches about its table and about savepoints, without their ends. */
async function statementsOf(folder: string, records: readonly unknown[]): Promise<string[]> {
  const statements: string[] = [];
  await watchStatements({ before: (_, sql) => statements.push(sql) }, async () => {
    const report = await populateIn(folder, {
      catalog: [users],
      sources: { users: sourceOf(records) },
      onConflict: 'update',
      batchRecords: records.length / 2,
    });
    expect(countsOf(report)['users']).toMatchObject({ read: records.length, rejected: 0 });
  });
  return statements.flatMap((sql) => NOTED.exec(sql)?.[0] ?? []);
}

const UNTIL_REFUSED = 'insert or fail into "users"';
/** A batch of 25, five at a time. */
const INSERTED = ['savepoint attempt', ...Array(5).fill('insert into "users"'), 'release savepoint attempt'];
/** The first batch finds out by trying whether all are new. */
const TRIED = ['savepoint attempt', 'insert into "users"', 'rollback to savepoint attempt'];

const statementsIn = async (folder: string, name?: string) =>
  (await statementsOf(folder, upTo(50, name))).map((sql) => sql.replaceAll('`', '"'));

test('new records, the same again, and changed ones', async () => {
  const folder = makeFolder();
  const load = (name?: string) => statementsIn(folder, name);
  expect(await load()).toEqual([UNTIL_REFUSED, UNTIL_REFUSED]);
  expect(await load()).toEqual([UNTIL_REFUSED]);
  expect(await load('Renamed')).toEqual([
    UNTIL_REFUSED,
    ...['savepoint attempt', 'update "users"', 'release savepoint attempt'],
    ...['savepoint attempt', 'update "users"', 'release savepoint attempt'],
  ]);
});

test('a table that has an index over an expression', async () => {
  const folder = makeFolder();
  await addIndex(folder);
  const load = (name?: string) => statementsIn(folder, name);
  expect(await load()).toEqual([...INSERTED, ...INSERTED]);
  expect(await load()).toEqual([...TRIED, 'release savepoint attempt']);
  expect(await load('Renamed')).toEqual([
    ...TRIED,
    ...['update "users"', 'release savepoint attempt'],
    ...['savepoint attempt', 'update "users"', 'release savepoint attempt'],
  ]);
});

test('an error while a refused batch is rolled back is reported as what it is', async () => {
  const folder = makeFolder();
  const load = (count: number) => populateIn(folder, { catalog: [users], sources: { users: sourceOf(upTo(count)) } });
  await addIndex(folder);
  await load(1);
  const before = (_: number, sql: string) => {
    if (sql.startsWith('rollback to savepoint')) {
      throw new SqliteFile.SqliteError('database or disk is full', 'SQLITE_FULL');
    }
  };
  await watchStatements({ before }, async () => {
    const report = await load(2);
    expect(report.databases['users']?.failure?.message).toMatch(
      /^users: .*disk is full.* The records of memory, lines 2 to 3 were not loaded\.$/,
    );
  });
  expect(countsOf(await load(2))['users']).toMatchObject({ inserted: 1, unchanged: 1 });
});

/** Records of one batch, of which the third and later ones meet what is there, or each other. */
const MIXED = [
  { id: 1, name: 'Ann', email: 'ann@example.com' },
  { id: 2, name: 'Bob', email: 'bob@example.com' },
  { id: 3, name: 'Cid', email: 'ANN@example.com' },
  { id: 1, name: 'Ann', email: 'ann@example.com' },
  { id: 4, name: 'Dee', email: 'dee@example.com' },
  { id: 90, name: 'Old', email: 'old@example.com' },
  { id: 91, name: 'New', email: 'new@example.com' },
  { id: 4, name: 'Dee', email: 'other@example.com' },
];

test.each([
  ['without a savepoint', false],
  ['within one', true],
])('a refused record in a batch that is inserted %s', async (_, isWithin) => {
  const folder = makeFolder();
  const there = [
    { id: 90, name: 'Old', email: 'old@example.com' },
    { id: 91, name: 'Older', email: 'new@example.com' },
  ];
  await populateIn(folder, { catalog: [users], sources: { users: sourceOf(there) } });
  if (isWithin) {
    await addIndex(folder);
  }
  const rejected: unknown[] = [];
  const report = await populateIn(folder, {
    catalog: [users],
    sources: { users: sourceOf(MIXED) },
    onConflict: 'update',
    listener: {
      rejected: (__, entries) => rejected.push(...entries.map(({ number, errors }) => [number, errors[0]?.message])),
    },
  });
  expect(countsOf(report)['users']).toEqual({ read: 8, inserted: 3, updated: 1, unchanged: 1, rejected: 3 });
  expect(rejected).toEqual([
    [3, 'Email ANN@example.com belongs to user 1'],
    [4, 'Id 1 occurs earlier in this source'],
    [8, 'Id 4 occurs earlier in this source'],
  ]);
  const rows = rowsOf(folder, 'users') as { id: number; name: string }[];
  expect(rows.map(({ id, name }) => `${id} ${name}`)).toEqual(['1 Ann', '2 Bob', '4 Dee', '90 Old', '91 New']);
});
