/** The main job as a whole: what becomes of each record, at first and again. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../src/loads/ledger.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { forEachEngineMigratedThoroughly, sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { sampleSources } from '../support/sample.ts';
import { sourceOf } from '../support/sources.ts';

const messages = (entries: readonly Entry[] | undefined) =>
  entries?.flatMap(({ id, errors }) => (errors.length > 0 ? [[id, ...errors.map(({ message }) => message)]] : []));

const user = (id: number, name = `User ${id}`, email = `user${id}@example.com`) => ({ id, name, email });

const changedOrders = () => ({
  orders: sourceOf([
    { id: 1, userId: 99, productId: 1, quantity: 1 },
    { id: 50, userId: 1, productId: 1, quantity: 1 },
  ]),
});

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  describe('the sample', () => {
    test('ends as the README says, and again', async () => {
      const place = await makePlace();
      const first = await populateIn(place, { sources: sampleSources() });
      expect(countsOf(first)).toEqual({
        users: { read: 10, inserted: 8, updated: 0, unchanged: 0, rejected: 2 },
        products: { read: 10, inserted: 8, updated: 0, unchanged: 0, rejected: 2 },
        orders: { read: 10, inserted: 6, updated: 0, unchanged: 0, rejected: 4 },
      });
      expect(messages(first.databases['orders']?.details)).toEqual([
        [7, 'Product 7 does not exist'],
        [8, 'Quantity must be positive'],
        [9, 'Quantity must be positive'],
        [10, 'User 10 does not exist', 'Product 11 does not exist'],
      ]);
      const rows = await Promise.all(['users', 'products', 'orders'].map((name) => place.rowsOf(name)));
      const rejects = ['users', 'products', 'orders'].map((name) =>
        readFileSync(join(place.folder, 'rejects', `${name}.ndjson`), 'utf8'),
      );

      const second = await populateIn(place, { sources: sampleSources() });
      expect(countsOf(second)).toEqual({
        users: { read: 10, inserted: 0, updated: 0, unchanged: 8, rejected: 2 },
        products: { read: 10, inserted: 0, updated: 0, unchanged: 8, rejected: 2 },
        orders: { read: 10, inserted: 0, updated: 0, unchanged: 6, rejected: 4 },
      });
      expect(await Promise.all(['users', 'products', 'orders'].map((name) => place.rowsOf(name)))).toEqual(rows);
      expect(
        ['users', 'products', 'orders'].map((name) =>
          readFileSync(join(place.folder, 'rejects', `${name}.ndjson`), 'utf8'),
        ),
      ).toEqual(rejects);
    });

    test('is stored with prices in whole cents', async () => {
      const place = await makePlace();
      await populateIn(place, { sources: sampleSources() });
      expect((await place.rowsOf('products'))[0]).toEqual({ id: 1, sku: null, name: 'Laptop', price_cents: 100_000 });
    });
  });

  describe('a record that is there already', () => {
    test('is unchanged when identical, a conflict when not, updated when that is asked for', async () => {
      const place = await makePlace();
      await populateIn(place, { sources: { users: sourceOf([user(1), user(2), user(3)]) } });
      const changed = { users: sourceOf([user(1), { ...user(2), name: 'Renamed' }, { ...user(3), name: '' }]) };
      const rejecting = await populateIn(place, { sources: changed });
      expect(countsOf(rejecting)['users']).toEqual({ read: 3, inserted: 0, updated: 0, unchanged: 1, rejected: 2 });
      expect(rejecting.databases['users']?.details?.[1]?.errors).toEqual([
        { property: 'id', code: 'conflict', message: 'User 2 already exists with another name' },
      ]);
      const updating = await populateIn(place, { sources: changed, onConflict: 'update' });
      expect(countsOf(updating)['users']).toEqual({ read: 3, inserted: 0, updated: 1, unchanged: 1, rejected: 1 });
      expect(await place.rowsOf('users')).toEqual([user(1), { ...user(2), name: 'Renamed' }, user(3)]);
    });

    test('is a duplicate when another row has its email, in letters of any case', async () => {
      const place = await makePlace();
      await populateIn(place, { sources: { users: sourceOf([user(1, 'A', 'Jane.Doe@Example.com')]) } });
      const report = await populateIn(place, {
        sources: { users: sourceOf([user(2, 'B', 'jane.doe@EXAMPLE.com'), user(3, 'C', 'jane.doe+c@example.com')]) },
      });
      expect(messages(report.databases['users']?.details)).toEqual([
        [2, 'Email jane.doe@EXAMPLE.com belongs to user 1'],
      ]);
      expect(await place.rowsOf('users')).toHaveLength(2);
    });

    test('can be updated to an email that an earlier update of the same batch has freed', async () => {
      const place = await makePlace();
      await populateIn(place, {
        sources: { users: sourceOf([user(1, 'A', 'a@example.com'), user(2, 'B', 'b@example.com')]) },
      });
      const report = await populateIn(place, {
        onConflict: 'update',
        sources: {
          users: sourceOf([
            user(1, 'A', 'new@example.com'),
            user(2, 'B', 'a@example.com'),
            user(3, 'C', 'b@example.com'),
          ]),
        },
      });
      expect(countsOf(report)['users']).toEqual({ read: 3, inserted: 1, updated: 2, unchanged: 0, rejected: 0 });
      expect((await place.rowsOf('users')).map((row) => (row as { email: string }).email)).toEqual([
        'new@example.com',
        'a@example.com',
        'b@example.com',
      ]);
    });
  });

  test('a source that says nothing of an optional property leaves it as it is', async () => {
    const place = await makePlace();
    const product = (id: number, rest: object) => ({ id, name: `Mug ${id}`, price: '5', ...rest });
    await populateIn(place, { sources: { products: sourceOf([product(1, { sku: 'A' }), product(2, {})]) } });
    const report = await populateIn(place, {
      onConflict: 'update',
      sources: {
        products: sourceOf([product(1, {}), product(2, { price: '6' }), product(3, {}), product(4, { name: 'Mug 3' })]),
      },
    });
    expect(report.databases['products']?.details?.map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'updated',
      'inserted',
      'rejected',
    ]);
    expect(await place.rowsOf('products')).toEqual([
      { id: 1, sku: 'A', name: 'Mug 1', price_cents: 500 },
      { id: 2, sku: null, name: 'Mug 2', price_cents: 600 },
      { id: 3, sku: null, name: 'Mug 3', price_cents: 500 },
    ]);
  });

  describe('a record that occurs twice in its source', () => {
    test.each([1, 2, 1000])(
      'is a duplicate the second time, in this run and the next (batches of %d)',
      async (batchRecords) => {
        const place = await makePlace();
        const sources = {
          users: sourceOf([
            user(1),
            user(2),
            user(1),
            { ...user(1), name: 'Other' },
            user(3, 'C', 'user2@example.com'),
          ]),
        };
        const expected = [
          [1, 'Id 1 occurs earlier in this source'],
          [1, 'Id 1 occurs earlier in this source'],
          [3, 'Email user2@example.com belongs to user 2'],
        ];
        const first = await populateIn(place, { sources, batchRecords });
        expect(messages(first.databases['users']?.details)).toEqual(expected);
        const second = await populateIn(place, { sources, batchRecords });
        expect(messages(second.databases['users']?.details)).toEqual(expected);
        expect(countsOf(second)['users']).toEqual({ read: 5, inserted: 0, updated: 0, unchanged: 2, rejected: 3 });
      },
    );

    test('is no duplicate of one that was itself rejected', async () => {
      const report = await populateIn(await makePlace(), { sources: { users: sourceOf([user(1, ''), user(1)]) } });
      expect(countsOf(report)['users']).toMatchObject({ inserted: 1, rejected: 1 });
    });
  });

  describe('products', () => {
    test('are duplicates by sku, and by name and price only where neither has a sku', async () => {
      const place = await makePlace();
      const product = (id: number, sku: string | null, name = 'Mug', price = '5') => ({ id, sku, name, price });
      const report = await populateIn(place, {
        sources: {
          products: sourceOf([
            product(1, 'A'),
            product(2, 'A', 'Other'),
            product(3, 'B'),
            product(4, null),
            product(5, '', 'Mug', '5.00'),
            product(6, null, 'Mug', '5.01'),
            product(7, 'a'),
          ]),
        },
      });
      expect(messages(report.databases['products']?.details)).toEqual([
        [2, 'Sku A belongs to product 1'],
        [5, 'Name and price Mug, 5.00 belong to product 4'],
      ]);
    });
  });

  test('a dry run reports the same and changes nothing', async () => {
    const place = await makePlace();
    const before = await populateIn(place, { sources: sampleSources(), dryRun: true });
    expect(existsSync(join(place.folder, 'rejects'))).toBe(false);
    const real = await populateIn(place, { sources: sampleSources() });
    expect(countsOf(before)).toEqual(countsOf(real));
    const stored = async () => [await place.rowsOf('orders'), await place.rowsOf('meridian_runs_orders', 'orders')];
    const rows = await stored();
    const dry = await populateIn(place, { sources: changedOrders(), onConflict: 'update', dryRun: true });
    expect(countsOf(dry)['orders']).toEqual({ read: 2, inserted: 1, updated: 0, unchanged: 0, rejected: 1 });
    expect(await stored()).toEqual(rows);
  });

  test('rejects hold each record as read, by number, and are replaced by the next run', async () => {
    const place = await makePlace();
    await populateIn(place, { sources: sampleSources() });
    const file = join(place.folder, 'rejects', 'users.ndjson');
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      {
        number: 8,
        line: 9,
        record: { id: '8', name: 'Alice', email: 'alice@example.com' },
        errors: [{ property: 'email', code: 'duplicate', message: 'Email alice@example.com belongs to user 1' }],
      },
      {
        number: 10,
        line: 11,
        record: { id: '10', name: '', email: 'jane@example.com' },
        errors: [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }],
      },
    ]);
    const again = await populateIn(place, { sources: { users: fileSource(file) } });
    expect(countsOf(again)['users']).toEqual({ read: 2, inserted: 0, updated: 0, unchanged: 0, rejected: 2 });
    expect(readFileSync(file, 'utf8')).toContain('{"number":1,"line":1,"record":{"id":"8",');
    expect(existsSync(join(place.folder, 'rejects', 'orders.ndjson'))).toBe(true);
  });

  test('warnings about the columns of JSON records are reported once', async () => {
    const warnings: string[] = [];
    await populateIn(await makePlace(), {
      sources: {
        users: sourceOf([
          { ...user(1), note: 'a' },
          { ...user(2), note: 'b' },
        ]),
      },
      columns: { users: { name: 'Full name' } },
      listener: { warned: (_, sentence) => warnings.push(sentence) },
    });
    expect(warnings).toEqual([
      'memory: no record has a column "Full name", which --map names.',
      'memory: no property takes the columns name, note; they are ignored.',
    ]);
  });
});

test('a dry run makes no SQLite file, and changes no byte of one', async () => {
  const place = sqlitePlace(makeFolder());
  await populateIn(place, { sources: sampleSources(), dryRun: true });
  expect(existsSync(join(place.folder, 'users.db'))).toBe(false);
  await populateIn(place, { sources: sampleSources() });
  const bytes = readFileSync(join(place.folder, 'orders.db'));
  await populateIn(place, { sources: changedOrders(), onConflict: 'update', dryRun: true });
  expect(readFileSync(join(place.folder, 'orders.db')).equals(bytes)).toBe(true);
});
