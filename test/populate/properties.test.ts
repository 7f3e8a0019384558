/** What holds for any input: counts add up, and neither batches, chunks, interleaving nor order change the outcome. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Source } from '../../src/populate/read/source.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { depth } from '../support/depth.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../support/engines.ts';
import { rawRecord, streamOf } from '../support/sources.ts';

type Records = Record<'users' | 'products' | 'orders', unknown[]>;

/** How a run is cut and delayed. */
interface Rhythm {
  readonly batchRecords: number;
  readonly chunkRecords: number;
  /** Turns of the event loop that each source waits before each chunk. */
  readonly delays: readonly number[];
}

const DATABASES = ['users', 'products', 'orders'] as const;
const STEADY: Rhythm = { batchRecords: 1000, chunkRecords: 1000, delays: [0, 0, 0] };

// few ids and values, so that duplicates, conflicts and dangling references are common
const id = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 'x', '') },
);
const users = fc.record({
  id,
  name: fc.constantFrom('Ann', 'Bea', ''),
  email: fc.constantFrom('a@example.com', 'A@example.com', 'b@example.com', 'c@example.com', 'none', ''),
});
const products = fc.record({
  id,
  sku: fc.constantFrom(null, '', 'S1', 'S2'),
  name: fc.constantFrom('Mug', 'Cup', ''),
  price: fc.constantFrom('1', '1.00', '2.5', '0', '1.999'),
});
const orders = fc.record({ id, userId: id, productId: id, quantity: fc.constantFrom(1, 2, 0) });
const records: fc.Arbitrary<Records> = fc.record({
  users: fc.array(users, { maxLength: 12 }),
  products: fc.array(products, { maxLength: 12 }),
  orders: fc.array(orders, { maxLength: 12 }),
});
const rhythm: fc.Arbitrary<Rhythm> = fc.record({
  batchRecords: fc.integer({ min: 1, max: 5 }),
  chunkRecords: fc.integer({ min: 1, max: 5 }),
  delays: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
});
const onConflict = fc.constantFrom('reject' as const, 'update' as const);

function inRhythm(all: readonly unknown[], { chunkRecords }: Rhythm, delay: number): Source {
  return streamOf(async function* () {
    for (let from = 0; from < all.length; from += chunkRecords) {
      for (let turn = 0; turn < delay; turn++) {
        await nextTurn();
      }
      yield all.slice(from, from + chunkRecords).map((record, index) => rawRecord(record, from + index + 1));
    }
  });
}

/** One run in a place: counts, all rows and all rejects. */
async function run(place: Place, input: Records, how: Rhythm, action: 'reject' | 'update') {
  const report = await populateIn(place, {
    onConflict: action,
    batchRecords: how.batchRecords,
    sources: Object.fromEntries(
      DATABASES.map((name, index) => [name, inRhythm(input[name], how, how.delays[index] ?? 0)]),
    ),
  });
  return {
    counts: countsOf(report),
    rows: await Promise.all(DATABASES.map((name) => place.rowsOf(name))),
    rejects: DATABASES.map((name) => readFileSync(join(place.folder, 'rejects', `${name}.ndjson`), 'utf8')),
  };
}

forEachEngineMigratedThoroughly('catalog', (makePlace, engine) => {
  describe('for any input', () => {
    // each takes databases of its own, which a server makes more slowly than files
    const runs = (count: number) =>
      depth(engine === 'sqlite' ? 2 : 1, engine === 'sqlite' ? count : Math.ceil(count / 4));

    test('counts add up and no stored order has a dangling reference', async () => {
      await fc.assert(
        fc.asyncProperty(records, records, onConflict, async (first, second, action) => {
          const place = await makePlace();
          for (const input of [first, second]) {
            const { counts, rows, rejects } = await run(place, input, STEADY, action);
            for (const [index, name] of DATABASES.entries()) {
              const { read = 0, inserted = 0, updated = 0, unchanged = 0, rejected = 0 } = counts[name] ?? {};
              expect(read).toBe(input[name].length);
              expect(inserted + updated + unchanged + rejected).toBe(read);
              expect(rejects[index]?.split('\n').length).toBe(rejected + 1);
            }
            const ids = rows.map((table) => new Set(table.map((row) => (row as { id: number }).id)));
            for (const row of rows[2] as { user_id: number; product_id: number }[]) {
              expect([ids[0]?.has(row.user_id), ids[1]?.has(row.product_id)]).toEqual([true, true]);
            }
          }
        }),
        { numRuns: runs(15) },
      );
    });

    test('batches, chunks and interleaving change nothing', async () => {
      await fc.assert(
        fc.asyncProperty(records, records, rhythm, onConflict, async (first, second, how, action) => {
          const [steady, other] = [await makePlace(), await makePlace()];
          for (const input of [first, second]) {
            expect(await run(other, input, how, action)).toEqual(await run(steady, input, STEADY, action));
          }
        }),
        { numRuns: runs(15) },
      );
    });

    test('a second run of the same command inserts nothing and rejects what the first rejected', async () => {
      await fc.assert(
        fc.asyncProperty(records, async (input) => {
          const place = await makePlace();
          const first = await run(place, input, STEADY, 'reject');
          const second = await run(place, input, STEADY, 'reject');
          expect(second.rows).toEqual(first.rows);
          for (const name of DATABASES) {
            expect(second.counts[name]).toEqual({
              ...first.counts[name],
              inserted: 0,
              unchanged: first.counts[name]?.['inserted'],
            });
          }
        }),
        { numRuns: runs(10) },
      );
    });

    test('the order of records changes nothing where none is a duplicate', async () => {
      const distinct = (make: (id: number) => unknown) =>
        fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }).map((ids) => ids.map(make));
      const unique: fc.Arbitrary<Records> = fc.record({
        users: distinct((n) => ({ id: n, name: n % 5 === 0 ? '' : `User ${n}`, email: `user${n}@example.com` })),
        products: distinct((n) => ({ id: n, sku: `S${n}`, name: `Product ${n}`, price: n % 4 === 0 ? '0' : '1' })),
        orders: distinct((n) => ({ id: n, userId: (n * 7) % 31, productId: (n * 11) % 31, quantity: n % 6 })),
      });
      const shuffled = unique.chain((input) =>
        fc.record({
          input: fc.constant(input),
          other: fc.record({
            users: fc.shuffledSubarray(input.users, { minLength: input.users.length }),
            products: fc.shuffledSubarray(input.products, { minLength: input.products.length }),
            orders: fc.shuffledSubarray(input.orders, { minLength: input.orders.length }),
          }),
        }),
      );
      await fc.assert(
        fc.asyncProperty(shuffled, rhythm, async ({ input, other }, how) => {
          const straight = await run(await makePlace(), input, STEADY, 'reject');
          const mixed = await run(await makePlace(), other, how, 'reject');
          expect(mixed.rows).toEqual(straight.rows);
          expect(mixed.counts).toEqual(straight.counts);
        }),
        { numRuns: runs(10) },
      );
    });
  });
});
