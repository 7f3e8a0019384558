/** A few rows are inserted by statements of fewer: these neither make temporary files nor fail where another process has the lock. */
import { afterEach, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { Database, type DatabaseOptions } from '../../../src/database/database.ts';
import { products } from '../../../src/shop/catalog.ts';
import { fileOf } from '../../support/databases.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import { onlyTable } from '../../support/only-table.ts';
import { copyMigrated } from '../../support/sqlite/migrated.ts';
import { showsFiles, temporaryFiles } from '../../support/sqlite/temporary-files.ts';

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) {
    await one.close();
  }
});

async function openProducts(options: DatabaseOptions = {}): Promise<{ database: Database; file: string }> {
  const file = fileOf(makeFolder(), 'products');
  await copyMigrated(products, file);
  const database = await Database.open(products, { location: { engine: 'sqlite', file }, ...options });
  opened.push(database);
  return { database, file };
}

/** @param from of their ids; their neighbours in the index of skus are others */
const rowsFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: from + index,
    sku: `${String(((from + index) * 7919) % 100_003).padStart(6, '0')}${'x'.repeat(50)}`,
    name: 'Mug',
    price: '1.00',
  }));

(showsFiles ? test : test.skip)('rows all over a large index need no temporary file', async () => {
  const { database } = await openProducts();
  const table = onlyTable(database).bulk();
  await database.transaction((em) => table.insertAll(em, rowsFrom(1, 10_000)));
  await database.transaction(async (em) => {
    expect(await table.insertNew(em, rowsFrom(10_001, 99), 'id')).toHaveLength(99);
    expect(temporaryFiles()).toEqual([]);
  });
});

test('the first rows of a transaction wait for another process, and go in once', async () => {
  const { database, file } = await openProducts({ keepsThreadFree: true });
  const holder = new SqliteFile(file);
  opened.push(holder);
  holder.exec('begin immediate');
  const given = rowsFrom(1, 7);
  const inserting = database.transaction((em) => onlyTable(database).bulk().insertFree(em, given));
  setImmediate(() => holder.exec('commit'));
  expect(await inserting).toBe(7);
  expect(holder.prepare('select id from products order by id').pluck().all()).toEqual(given.map(({ id }) => id));
});

test('rows that are in already are not inserted again where a lock is met later', async () => {
  const { database } = await openProducts({ keepsThreadFree: true, answerSeconds: 0 });
  let inserts = 0;
  const before = (_: number, sql: string) => {
    if (sql.startsWith('insert') && ++inserts === 2) {
      throw new SqliteFile.SqliteError('database is locked', 'SQLITE_BUSY');
    }
  };
  const table = onlyTable(database).bulk();
  await watchStatements({ before }, async () => {
    await expect(database.transaction((em) => table.insert(em, rowsFrom(1, 7)))).rejects.toThrow('database is locked');
  });
  expect(inserts).toBe(2);
  expect(await database.transaction((em) => table.insert(em, rowsFrom(1, 7)))).toBe(7);
});
