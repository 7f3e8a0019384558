/** Any graph of rows of one table, in any order, over any rows from before: it ends as a model of it says, whatever the batches. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DatabaseOptions } from '../../../src/database/database.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { forEachEngineMigrated } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { sourceOf } from '../../support/sources.ts';
import { ownedParcels } from './parcels.ts';

const MAX_ID = 12;

interface Depot {
  readonly id: number;
  readonly main: number | null;
  readonly ownerId: number | null;
}

const ids = fc.integer({ min: 1, max: MAX_ID });
/** The owner 9 does not exist. */
const owners = fc.constantFrom(null, null, null, 1, 9);
const depots = (owner: fc.Arbitrary<number | null>): fc.Arbitrary<Depot[]> =>
  fc.uniqueArray(fc.record({ id: ids, main: fc.option(ids), ownerId: owner }), {
    selector: ({ id }) => id,
    maxLength: MAX_ID,
  });

/** The rows that are left, each with the id of the depot that it is part of. */
function expected(before: readonly Depot[], records: readonly Depot[]): Map<number, number | null> {
  const earlier = new Map(before.map((one) => [one.id, one]));
  let accepted = records.filter(({ ownerId }) => ownerId !== 9);
  for (;;) {
    const there = new Set([...earlier.keys(), ...accepted.map(({ id }) => id)]);
    const left = accepted.filter(({ main }) => main === null || there.has(main));
    if (left.length === accepted.length) {
      return new Map([...before, ...accepted].map(({ id, main }) => [id, main]));
    }
    accepted = left;
  }
}

forEachEngineMigrated('catalog', (makePlace) => {
  test('a graph of rows', async () => {
    const place = await makePlace();
    const { declaration, options, load } = await ownDatabase(place, ownedParcels);
    const databaseOptions = (name: string): DatabaseOptions => (name === 'parcels' ? options : place.options(name));
    const together = { catalog: [...catalog, declaration], databaseOptions, onConflict: 'update' } as const;
    await load({ depot: [] }, together);
    await load({}, { ...together, sources: { users: sourceOf([{ id: 1, name: 'Ada', email: 'a@example.com' }]) } });
    await fc.assert(
      fc.asyncProperty(depots(fc.constant(null)), depots(owners), fc.constantFrom(1, 2, 3, 100), async (...given) => {
        const [earlier, records, batchRecords] = given;
        const left = expected([], earlier);
        const before = earlier.filter(({ id }) => left.has(id));
        await place.execute('parcels', 'update depot set main_id = null');
        await place.execute('parcels', 'delete from depot');
        const named = (name: string) => (one: Depot) => ({ ...one, name });
        await load({ depot: earlier.map(named('before')) }, { ...together, batchRecords });
        const report = await load({ depot: records.map(named('after')) }, { ...together, batchRecords });
        expect(report.databases['parcels.depot']?.failure).toBeUndefined();
        const rows = await place.execute('parcels', 'select id, main_id from depot order by id');
        const wanted = [...expected(before, records)].sort(([a], [b]) => a - b);
        expect(rows.map((row) => [row['id'], row['main_id']])).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });
});
