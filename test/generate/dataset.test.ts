/** Generated records: pinned, the same however they are cut, alone in what has to be unique, and true to each other. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Dataset, datasetOf } from '../../src/generate/dataset.ts';
import { generatedSource, openDataset, recordsOf } from '../../src/generate/source.ts';
import type { GeneratedSpec } from '../../src/generate/spec.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { generators } from '../../src/shop/generators.ts';
import { depth } from '../support/depth.ts';
import { metadataIn, validatorOf } from '../support/metadata.ts';
import { recordsOf as readAll } from '../support/text.ts';

const NAMES = catalog.map(({ name }) => name);

const specs: fc.Arbitrary<GeneratedSpec> = fc.record({
  count: fc.integer({ min: 1, max: 400 }),
  seed: fc.maxSafeNat(),
  invalid: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)),
});

// put together, as plain objects
const slice = (dataset: Dataset, from: number, to: number) =>
  recordsOf(dataset, from, to).map(({ number, line, record }) => ({ number, line, record }));
const all = (dataset: Dataset) => slice(dataset, 1, dataset.spec.count);

const USERS = [
  '1 | Cleta Herman | 1.cleta.herman@example.net',
  '2 | Sophia Lubowitz | 2.sophia.lubowitz@example.com',
  '3 | Alexys Gorczany | 3.alexys.gorczany@example.com',
];
const PRODUCTS = [
  '1 | SOA-MAR-000001 | Recycled Marble Soap | 697.00',
  '2 | KEY-RUB-000002 | Fantastic Rubber Keyboard | 1.99',
  '3 | CAR-GOL-000003 | Elegant Gold Car | 7.00',
];
const ORDERS = [
  '1 | 143 | 1 | 1 | 697.00 | 2025-01-01T12:25:38.000Z | United States',
  '2 | 949 | 90 | 1 | 431.90 | 2025-01-12T18:52:47.000Z | Germany',
  '3 | 682 | 620 | 1 | 260.90 | 2025-01-17T07:23:01.000Z | United States',
];

const firstThree = async (database: string) => {
  const dataset = await datasetOf(generators, database, { count: 1000, seed: 7, invalid: 0 });
  return [1, 2, 3].map((number) => dataset.fields(number).join(' | '));
};

test('the records of a seed stay what they are', async () => {
  // a change here changes all generated data: mention it in the change log
  expect(await firstThree('users')).toEqual(USERS);
  expect(await firstThree('products')).toEqual(PRODUCTS);
  expect(await firstThree('orders')).toEqual(ORDERS);
});

test.each(NAMES)('%s: a slice is a slice of the whole, in any chunks, and the same when opened again', async (name) => {
  await fc.assert(
    fc.asyncProperty(specs, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 500 }), async (spec, a, b, chunkRecords) => {
      const dataset = await datasetOf(generators, name, spec);
      const whole = all(dataset);
      const [from = 1, to = 1] = [(a % spec.count) + 1, (b % spec.count) + 1].sort((x, y) => x - y);
      expect(slice(await datasetOf(generators, name, spec), from, to)).toEqual(whole.slice(from - 1, to));
      expect(await readAll(openDataset(dataset, chunkRecords))).toEqual(whole);
      expect(await readAll(await generatedSource(generators, name, spec).open())).toEqual(whole);
    }),
    { numRuns: depth(3, 30) },
  );
});

test.each(NAMES)('%s: what is not broken keeps all rules, whatever is broken beside it', async (name) => {
  const declaration = catalog.find((one) => one.name === name);
  const validate = validatorOf(metadataIn(declaration as (typeof catalog)[number]));
  await fc.assert(
    fc.asyncProperty(specs, async (spec) => {
      const dataset = await datasetOf(generators, name, spec);
      const sound = all(dataset).filter(({ number }) => dataset.placement.ordinalOf(number) === -1);
      expect(sound).toHaveLength(dataset.placement.sound);
      for (const { number, line, record } of sound) {
        expect(line).toBe(number + 1);
        expect(validate(record)).toMatchObject({ entity: { id: number } });
      }
    }),
    { numRuns: depth(3, 30) },
  );
});

describe('of a hundred thousand', () => {
  const COUNT = 100_000;
  const fieldsOf = async (name: string, seed = 1) => {
    const dataset = await datasetOf(generators, name, { count: COUNT, seed, invalid: 0 });
    return Array.from({ length: COUNT }, (_, index) => dataset.fields(index + 1));
  };

  test('users, no two have the same address, and names are many', async () => {
    const users = await fieldsOf('users');
    expect(new Set(users.map(([, , email]) => email?.toLowerCase())).size).toBe(COUNT);
    expect(new Set(users.map(([, name]) => name)).size).toBeGreaterThan(COUNT / 2);
  });

  test('products, no two have the same sku, or without one the same name and price', async () => {
    const products = await fieldsOf('products');
    const without = products.filter(([, sku]) => sku === '');
    const skus = products.flatMap(([, sku]) => (sku ? [sku] : []));
    expect(new Set(skus).size).toBe(skus.length);
    expect(new Set(without.map(([, , name, price]) => `${name} ${price}`)).size).toBe(without.length);
    expect(without.length / COUNT).toBeCloseTo(1 / 8, 2);
  });

  test('orders, some users come back and some products sell far more than others', async () => {
    const orders = await fieldsOf('orders');
    // the share of the orders that a tenth of all users, and of all products, have
    for (const [column, least, most] of [
      [1, 0.3, 0.5],
      [2, 0.4, 0.6],
    ] as const) {
      const ids = orders.map((fields) => Number(fields[column]));
      expect([Math.min(...ids) >= 1, Math.max(...ids) <= COUNT]).toEqual([true, true]);
      const counts = [...Map.groupBy(ids, (id) => id).values()].map(({ length }) => length).sort((a, b) => b - a);
      const top = counts.slice(0, COUNT / 10).reduce((sum, count) => sum + count, 0) / COUNT;
      expect([column, top > least, top < most]).toEqual([column, true, true]);
      // the most wanted are not the first ids
      expect(ids.filter((id) => id <= COUNT / 10).length / COUNT).toBeLessThan(0.2);
    }
  });

  test('orders, each is placed after those before it, at the price of its product, from the country of its user', async () => {
    const [orders, products] = await Promise.all([fieldsOf('orders'), fieldsOf('products')]);
    const countries = new Map<string, string>();
    let day = '2025-01-01';
    const wrong: unknown[] = [];
    for (const order of orders) {
      const [, user = '', product, , price, placedAt = '', country = ''] = order;
      const isOfProduct = price === products[Number(product) - 1]?.[3];
      const isLater = placedAt.slice(0, 10) >= day;
      const isOfUser = (countries.get(user) ?? country) === country;
      if (!(isOfProduct && isLater && isOfUser)) {
        wrong.push({ order, isOfProduct, isLater, isOfUser });
      }
      day = placedAt.slice(0, 10);
      countries.set(user, country);
    }
    // one expectation, for a hundred thousand of each kind take half a minute
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(day).toBe('2025-12-31');
    expect(new Set(countries.values()).size).toBe(9);
  });

  test('another seed gives others', async () => {
    const [one, other] = await Promise.all([fieldsOf('users', 1), fieldsOf('users', 2)]);
    expect(one.filter(([, name], index) => other[index]?.[1] === name).length).toBeLessThan(COUNT / 1000);
  });
});

test('orders that are not broken refer to users and products that are not', async () => {
  await fc.assert(
    fc.asyncProperty(specs, async (spec) => {
      const [users, products, orders] = await Promise.all(NAMES.map((name) => datasetOf(generators, name, spec)));
      for (const { number, record } of all(orders as Dataset)) {
        const { userId, productId } = record as Record<string, string>;
        if (orders?.placement.ordinalOf(number) === -1) {
          expect(users?.placement.ordinalOf(Number(userId))).toBe(-1);
          expect(products?.placement.ordinalOf(Number(productId))).toBe(-1);
        }
      }
    }),
  );
});

test('a source is named after its content, and reports its progress', async () => {
  const source = generatedSource(generators, 'users', { count: 10_000, seed: 7, invalid: 0 });
  expect(source.name).toBe('10,000 generated users (seed 7)');
  const open = await source.open();
  expect(open.columns).toEqual(['id', 'name', 'email']);
  expect(open.progress()).toEqual({ bytesRead: 0, bytesTotal: 10_000 });
  await readAll(open);
  expect(open.progress()).toEqual({ bytesRead: 10_000, bytesTotal: 10_000 });
});

test('a database without a generator is named', () => {
  expect(() => generatedSource(generators, 'reviews', { count: 1, seed: 1, invalid: 0 })).toThrow(
    'There is no generator for "reviews". There are generators for users, products, orders.',
  );
});
