/** References between databases: checked when all loads have ended, and dangling records reverted. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { EntityDeclaration } from '../../../src/database/declaration.ts';
import { locate } from '../../../src/database/location.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { countsOf, fileOf, locationIn, populateIn } from '../../support/databases.ts';
import {
  describeWithPostgresql,
  forEachEngineMigratedThoroughly,
  makePostgresqlPlace,
  type Place,
  sqlitePlace,
} from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { onlyEntity } from '../../support/only-table.ts';
import { freshDatabase } from '../../support/postgresql/fresh.ts';
import { sourceOf } from '../../support/sources.ts';
import { reviews, withReviews } from '../reviews/reviews.ts';

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const product = (id: number) => ({ id, sku: `S${id}`, name: `Product ${id}`, price: '1' });
const order = (id: number, userId: number, productId: number, quantity = 1) => ({ id, userId, productId, quantity });

async function withUsersAndProducts(place: Place): Promise<void> {
  await populateIn(place, { sources: { users: sourceOf([user(1), user(2)]), products: sourceOf([product(1)]) } });
}

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('an order may point at what the same run loads, and at what was there before', async () => {
    const place = await makePlace();
    await withUsersAndProducts(place);
    const report = await populateIn(place, {
      sources: { users: sourceOf([user(3)]), orders: sourceOf([order(1, 3, 1), order(2, 2, 1), order(3, 4, 1)]) },
    });
    expect(countsOf(report)['orders']).toEqual({ read: 3, inserted: 2, updated: 0, unchanged: 0, rejected: 1 });
    expect((await place.rowsOf('orders')).map((row) => (row as { id: number }).id)).toEqual([1, 2]);
  });

  test('a user that was rejected does not exist', async () => {
    const report = await populateIn(await makePlace(), {
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
    const place = await makePlace();
    await withUsersAndProducts(place);
    const records = [
      order(1, 9, 1),
      order(2, 1, 1, 0),
      order(3, 1, 1),
      order(4, 1, 9),
      order(5, 1, 1, -1),
      order(6, 9, 9),
    ];
    await populateIn(place, { sources: { orders: sourceOf(records) }, batchRecords });
    const lines = readFileSync(join(place.folder, 'rejects', 'orders.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).number)).toEqual([1, 2, 4, 5, 6]);
  });

  describe('an update that would dangle', () => {
    test('is reverted: the order gets back its values', async () => {
      const place = await makePlace();
      await withUsersAndProducts(place);
      await populateIn(place, { sources: { orders: sourceOf([order(1, 1, 1, 7)]) } });
      const report = await populateIn(place, {
        sources: { orders: sourceOf([order(1, 9, 1, 8)]) },
        onConflict: 'update',
      });
      expect(countsOf(report)['orders']).toEqual({ read: 1, inserted: 0, updated: 0, unchanged: 0, rejected: 1 });
      expect(await place.rowsOf('orders')).toMatchObject([
        { id: 1, user_id: 1, product_id: 1, quantity: 7, version: 1 },
      ]);
    });
  });

  describe('an update that would dangle and has freed a natural key', () => {
    const review = (id: number, userId: number, productId: number) => ({
      id,
      userId,
      productId,
      stars: 5,
      text: 'Good',
      writtenAt: '2026-01-01T00:00:00Z',
    });
    const run = (place: Place, reviewed: readonly unknown[], batchRecords: number) =>
      populateIn(place, {
        catalog: [...catalog, reviews],
        sources: { reviews: sourceOf(reviewed) },
        onConflict: 'update',
        batchRecords,
        databaseOptions: withReviews(place),
      });
    const keysOf = async (place: Place) =>
      ((await place.rowsOf('reviews')) as { id: number; user_id: number; product_id: number }[]).map((row) => [
        row.id,
        row.user_id,
        row.product_id,
      ]);

    test.each([1, 2, 1000])(
      'gets it back from the row that has taken it since (batches of %d)',
      async (batchRecords) => {
        const place = await makePlace();
        await withUsersAndProducts(place);
        await run(place, [review(1, 1, 1), review(2, 2, 1)], batchRecords);
        // 1 leaves its key for a user who does not exist, 2 moves into it, 3 into what 2 has left; 4 has no part in it
        const report = await run(
          place,
          [review(1, 99, 1), review(2, 1, 1), review(3, 2, 1), review(4, 98, 1)],
          batchRecords,
        );
        expect(countsOf(report)['reviews']).toEqual({ read: 4, inserted: 0, updated: 0, unchanged: 0, rejected: 4 });
        expect(
          report.databases['reviews']?.details?.map(({ id, errors }) => [id, ...errors.map(({ message }) => message)]),
        ).toEqual([
          [1, 'User 99 does not exist'],
          [2, 'UserId and productId 1, 1 belong to review 1'],
          [3, 'UserId and productId 2, 1 belong to review 2'],
          [4, 'User 98 does not exist'],
        ]);
        expect(await keysOf(place)).toEqual([
          [1, 1, 1],
          [2, 2, 1],
        ]);
        const lines = readFileSync(join(place.folder, 'rejects', 'reviews.ndjson'), 'utf8')
          .trimEnd()
          .split('\n');
        expect(lines.map((line) => JSON.parse(line).number)).toEqual([1, 2, 3, 4]);
      },
    );
  });

  test('an identical order whose user was deleted meanwhile is deleted', async () => {
    const place = await makePlace();
    await withUsersAndProducts(place);
    await populateIn(place, { sources: { orders: sourceOf([order(1, 2, 1)]) } });
    await place.execute('users', 'delete from users where id = 2');
    const report = await populateIn(place, { sources: { orders: sourceOf([order(1, 2, 1)]) } });
    expect(countsOf(report)['orders']).toEqual({ read: 1, inserted: 0, updated: 0, unchanged: 0, rejected: 1 });
    expect(await place.rowsOf('orders')).toEqual([]);
  });

  test('records are reverted until none refers to a reverted one', async () => {
    // here users refer to orders, so that a chain forms: user 1 -> order 1 -> product 9, which does not exist
    const references: Record<string, EntityDeclaration['references']> = {
      users: { id: { database: 'orders', entity: 'order' } },
      orders: { productId: { database: 'products', entity: 'product' } },
    };
    const place = await makePlace();
    const report = await populateIn(place, {
      catalog: catalog.map((one) => ({
        ...one,
        entities: [{ ...onlyEntity(one), references: references[one.name] ?? {} }],
      })),
      sources: {
        users: sourceOf([user(1), user(2)]),
        products: sourceOf([product(1)]),
        orders: sourceOf([order(1, 1, 9), order(2, 1, 1)]),
      },
    });
    expect(countsOf(report)['users']).toMatchObject({ inserted: 1, rejected: 1 });
    expect(report.databases['users']?.details?.[0]?.errors[0]?.message).toBe('Order 1 does not exist');
    expect(await place.rowsOf('users')).toEqual([user(2)]);
  });

  test('a missing table is reported before anything is loaded', async () => {
    const place = await makePlace();
    await withUsersAndProducts(place);
    await place.execute('users', 'drop table users');
    const attempt = populateIn(place, { sources: { orders: sourceOf([order(1, 2, 1)]) } });
    await expect(attempt).rejects.toThrow(/its migrations are recorded, but the table users is gone/);
    expect(await place.rowsOf('orders')).toEqual([]);
  });
});

describe('SQLite files', () => {
  test('of a database that has gone missing are not taken for one that holds nothing', async () => {
    const place = sqlitePlace(makeFolder());
    await withUsersAndProducts(place);
    const orders = { orders: sourceOf([order(1, 2, 1)]) };
    await populateIn(place, { sources: orders });
    rmSync(fileOf(place.folder, 'products'));
    await expect(populateIn(place, { sources: orders })).rejects.toThrow(
      /products\.db does not exist, but orders holds rows that refer to it/,
    );
    expect(existsSync(fileOf(place.folder, 'products'))).toBe(false);
    expect(await place.rowsOf('orders')).toHaveLength(1);
  });

  test('are not shared by two databases', async () => {
    const folder = makeFolder();
    const attempt = populateIn(folder, {
      sources: { users: sourceOf([]), products: sourceOf([]) },
      databaseOptions: () => locationIn(folder, 'both'),
    });
    await expect(attempt).rejects.toThrow(/users and products are both in .*both\.db/);
  });
});

describeWithPostgresql('a PostgreSQL server', () => {
  test('that holds no tables of a database is not taken for one whose tables are empty', async () => {
    const place = await makePostgresqlPlace();
    await withUsersAndProducts(place);
    const orders = { orders: sourceOf([order(1, 2, 1)]) };
    await populateIn(place, { sources: orders });
    const elsewhere = locate('products', { PRODUCTS_DATABASE_URL: await freshDatabase() });
    const attempt = populateIn(place, {
      sources: orders,
      databaseOptions: (name) => (name === 'products' ? { location: elsewhere } : place.options(name)),
    });
    await expect(attempt).rejects.toThrow(/products: .* but orders holds rows that refer to it/);
    expect(await place.rowsOf('orders')).toHaveLength(1);
  });
});
