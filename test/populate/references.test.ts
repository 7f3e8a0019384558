/** References between databases: checked when all loads have settled, and what points at nothing taken back out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { catalog } from '../../src/databases/catalog.ts';
import { countsOf, fileOf, populateIn, rowsOf } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';
import { sourceOf } from '../support/sources.ts';

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const product = (id: number) => ({ id, sku: `S${id}`, name: `Product ${id}`, price: '1' });
const order = (id: number, userId: number, productId: number, quantity = 1) => ({ id, userId, productId, quantity });

async function withUsersAndProducts(folder: string): Promise<void> {
  await populateIn(folder, { sources: { users: sourceOf([user(1), user(2)]), products: sourceOf([product(1)]) } });
}

test('an order may point at what the same run loads, and at what was there before', async () => {
  const folder = makeFolder();
  await withUsersAndProducts(folder);
  const report = await populateIn(folder, {
    sources: { users: sourceOf([user(3)]), orders: sourceOf([order(1, 3, 1), order(2, 2, 1), order(3, 4, 1)]) },
  });
  expect(countsOf(report)['orders']).toEqual({ read: 3, inserted: 2, updated: 0, unchanged: 0, rejected: 1 });
  expect(rowsOf(folder, 'orders').map((row) => (row as { id: number }).id)).toEqual([1, 2]);
});

test('a user that was rejected does not exist', async () => {
  const report = await populateIn(makeFolder(), {
    sources: {
      users: sourceOf([{ ...user(1), email: 'none' }]),
      products: sourceOf([product(1)]),
      orders: sourceOf([order(1, 1, 1)]),
    },
  });
  expect(report.databases['orders']?.reasons).toEqual([
    { property: 'userId', code: 'reference', count: 1, message: 'User 1 does not exist', same: true },
  ]);
});

test.each([1, 3, 1000])('late rejections stand among the others by number (batches of %d)', async (batchRecords) => {
  const folder = makeFolder();
  await withUsersAndProducts(folder);
  const records = [
    order(1, 9, 1),
    order(2, 1, 1, 0),
    order(3, 1, 1),
    order(4, 1, 9),
    order(5, 1, 1, -1),
    order(6, 9, 9),
  ];
  await populateIn(folder, { sources: { orders: sourceOf(records) }, batchRecords });
  const lines = readFileSync(join(folder, 'rejects', 'orders.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).number)).toEqual([1, 2, 4, 5, 6]);
});

describe('an update that would dangle', () => {
  test('is undone: the order gets back what it held', async () => {
    const folder = makeFolder();
    await withUsersAndProducts(folder);
    await populateIn(folder, { sources: { orders: sourceOf([order(1, 1, 1, 7)]) } });
    const report = await populateIn(folder, {
      sources: { orders: sourceOf([order(1, 9, 1, 8)]) },
      onConflict: 'update',
    });
    expect(countsOf(report)['orders']).toEqual({ read: 1, inserted: 0, updated: 0, unchanged: 0, rejected: 1 });
    expect(rowsOf(folder, 'orders')).toEqual([{ id: 1, user_id: 1, product_id: 1, quantity: 7 }]);
  });
});

test('an identical order whose user has gone meanwhile is taken out', async () => {
  const folder = makeFolder();
  await withUsersAndProducts(folder);
  await populateIn(folder, { sources: { orders: sourceOf([order(1, 2, 1)]) } });
  const users = new SqliteFile(fileOf(folder, 'users'));
  users.exec('delete from users where id = 2');
  users.close();
  const report = await populateIn(folder, { sources: { orders: sourceOf([order(1, 2, 1)]) } });
  expect(countsOf(report)['orders']).toEqual({ read: 1, inserted: 0, updated: 0, unchanged: 0, rejected: 1 });
  expect(rowsOf(folder, 'orders')).toEqual([]);
});

test('taking out goes on until nothing points at what was taken out', async () => {
  // here users refer to orders, so that a chain forms: user 1 -> order 1 -> product 9, which does not exist
  const references: Record<string, Record<string, string>> = {
    users: { id: 'orders' },
    orders: { productId: 'products' },
  };
  const folder = makeFolder();
  const report = await populateIn(folder, {
    catalog: catalog.map((one) => ({ ...one, references: references[one.name] ?? {} })),
    sources: {
      users: sourceOf([user(1), user(2)]),
      products: sourceOf([product(1)]),
      orders: sourceOf([order(1, 1, 9), order(2, 1, 1)]),
    },
  });
  expect(countsOf(report)['users']).toMatchObject({ inserted: 1, rejected: 1 });
  expect(report.databases['users']?.details?.[0]?.errors[0]?.message).toBe('Order 1 does not exist');
  expect(rowsOf(folder, 'users')).toEqual([user(2)]);
});
