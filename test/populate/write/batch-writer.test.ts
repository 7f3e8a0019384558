/** What a batch costs: one statement if all is new, and no savepoint if nothing is written. */
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { users } from '../../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import { sourceOf } from '../../support/sources.ts';

const upTo = (count: number, name = 'User') =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: `${name} ${index + 1}`,
    email: `user${index + 1}@example.com`,
  }));

const NOTED =
  /^(savepoint attempt|rollback to savepoint attempt|release savepoint attempt|(insert into|update) [`"]users[`"])/;

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

/** A batch of 25, five at a time. */
const INSERTED = ['savepoint attempt', ...Array(5).fill('insert into "users"'), 'release savepoint attempt'];
/** The first batch finds out by trying whether all are new. */
const TRIED = ['savepoint attempt', 'insert into "users"', 'rollback to savepoint attempt'];

test('new records, the same again, and changed ones', async () => {
  const folder = makeFolder();
  const load = async (name?: string) =>
    (await statementsOf(folder, upTo(50, name))).map((sql) => sql.replaceAll('`', '"'));
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
