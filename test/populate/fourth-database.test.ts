/** Adding a database takes an entity, a migration and a declaration, and nothing in the loading code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { forEachEngineMigratedThoroughly } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { sampleSources } from '../support/sample.ts';
import { sourceOf } from '../support/sources.ts';
import { reviews, withReviews } from './reviews/reviews.ts';

const review = {
  id: '1',
  user_id: '1',
  product_id: '2',
  stars: '5',
  text: 'Good',
  written_at: '2026-01-02T03:04:05+01:00',
};

/** What an engine has for the same time and the same truth. */
const STORED = {
  sqlite: { written_at: Date.parse('2026-01-02T02:04:05Z'), verified: 1 },
  postgresql: { written_at: new Date('2026-01-02T02:04:05Z'), verified: true },
};

forEachEngineMigratedThoroughly('catalog', (makePlace, engine) => {
  test('a fourth database is populated with the rest', async () => {
    const place = await makePlace();
    const run = () =>
      populateIn(place, {
        catalog: [...catalog, reviews],
        sources: {
          ...sampleSources(),
          reviews: sourceOf([
            { ...review, verified: 'true' },
            { ...review, id: '2', product_id: '3', stars: '6', written_at: 'yesterday', verified: 'yes' },
            { ...review, id: '3' },
            { ...review, id: '4', user_id: '10', product_id: '7' },
          ]),
        },
        databaseOptions: withReviews(place),
      });
    const first = await run();
    expect(countsOf(first)['reviews']).toEqual({ read: 4, inserted: 1, updated: 0, unchanged: 0, rejected: 3 });
    expect(countsOf(first)['users']).toMatchObject({ inserted: 8, rejected: 2 });
    expect(
      first.databases['reviews']?.details?.map(({ outcome, errors }) => [
        outcome,
        ...errors.map(({ message }) => message),
      ]),
    ).toEqual([
      ['inserted'],
      [
        'rejected',
        'Stars go up to 5',
        'writtenAt must be a date, but is "yesterday"',
        'verified must be true or false, but is "yes"',
      ],
      ['rejected', 'UserId and productId 1, 2 belong to review 1'],
      ['rejected', 'User 10 does not exist', 'Product 7 does not exist'],
    ]);
    expect(await place.rowsOf('reviews')).toEqual([
      {
        id: 1,
        user_id: 1,
        product_id: 2,
        stars: 5,
        text: 'Good',
        ...STORED[engine],
      },
    ]);

    const second = await run();
    expect(countsOf(second)['reviews']).toEqual({ read: 4, inserted: 0, updated: 0, unchanged: 1, rejected: 3 });
  });

  test('a database without migrations is told to get some', async () => {
    const place = await makePlace();
    const populated = populateIn(place, {
      catalog: [{ ...reviews, entities: reviews.entities.map(({ references: _, ...entity }) => entity) }],
      sources: { reviews: sourceOf([review]) },
      databaseOptions: () => ({ ...place.options('reviews'), migrationsDirectory: makeFolder() }),
    });
    await expect(populated).rejects.toMatchObject({
      code: 'migration',
      message: 'reviews: no migration makes the table reviews. Make one with npx meridian migrate:create reviews.',
    });
  });
});

test('the loading code names none of the domains', () => {
  const folder = join(projectRoot, 'src', 'populate');
  const named = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .replace(/\/\*\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .split('\n')
        .filter((line) => /\b(users?|products?|(?<!byte )orders?|userId|productId)\b/i.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(named).toEqual([]);
});
