/** Updates of records with references and a natural key: reverted where a reference is missing, in any order and batches. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalog } from '../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { depth } from '../support/depth.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../support/engines.ts';
import { sourceOf } from '../support/sources.ts';
import { reviews, withReviews } from './reviews/reviews.ts';

const users = [1, 2, 3].map((id) => ({ id, name: `User ${id}`, email: `user${id}@example.com` }));
const products = [1, 2].map((id) => ({ id, sku: `S${id}`, name: `Product ${id}`, price: '1' }));

// a few users too many, so that references dangle; few keys, so that updates free and take them
const review = fc.record({
  id: fc.integer({ min: 1, max: 5 }),
  userId: fc.integer({ min: 1, max: 5 }),
  productId: fc.integer({ min: 1, max: 2 }),
  stars: fc.constantFrom(1, 5),
  text: fc.constant('Good'),
  writtenAt: fc.constant('2026-01-01T00:00:00Z'),
});
const files = fc.array(fc.array(review, { maxLength: 7 }), { minLength: 2, maxLength: 3 });

async function run(place: Place, reviewed: readonly unknown[], batchRecords: number) {
  const report = await populateIn(place, {
    catalog: [...catalog, reviews],
    sources: { users: sourceOf(users), products: sourceOf(products), reviews: sourceOf(reviewed) },
    onConflict: 'update',
    batchRecords,
    databaseOptions: withReviews(place),
  });
  expect(report.databases['reviews']?.failure).toBeUndefined();
  return {
    counts: countsOf(report)['reviews'],
    rows: (await place.rowsOf('reviews')) as { user_id: number }[],
    rejects: readFileSync(join(place.folder, 'rejects', 'reviews.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).number as number),
  };
}

forEachEngineMigratedThoroughly('catalog', (makePlace, engine) => {
  test('nothing dangles, counts add up, and batches change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 4 }), async (all, batchRecords) => {
        const [small, large] = [await makePlace(), await makePlace()];
        for (const reviewed of all) {
          const result = await run(small, reviewed, batchRecords);
          const { read = 0, inserted = 0, updated = 0, unchanged = 0, rejected = 0 } = result.counts ?? {};
          expect([read, inserted + updated + unchanged + rejected]).toEqual([reviewed.length, reviewed.length]);
          expect(result.rejects).toEqual(result.rejects.toSorted((a, b) => a - b));
          expect(result.rejects).toHaveLength(rejected);
          expect(result.rows.filter((row) => row.user_id > users.length)).toEqual([]);
          expect(await run(large, reviewed, 1000)).toEqual(result);
        }
      }),
      { numRuns: engine === 'sqlite' ? depth(3, 15) : depth(1, 4) },
    );
  });
});
