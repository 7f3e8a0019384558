/** The loads of all databases are in flight together. */
import { expect, test } from '@jest/globals';
import type { RawRecord, Source } from '../../src/populate/read/source.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { forEachEngineMigratedThoroughly } from '../support/engines.ts';
import { rawRecord, streamOf } from '../support/sources.ts';

/** Resolves for all callers once `parties` of them have come. */
function barrier(parties: number): () => Promise<void> {
  let waiting = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    waiting++;
    if (waiting === parties) {
      resolve();
    }
    return promise;
  };
}

const records: Record<string, (id: number) => unknown> = {
  users: (id) => ({ id, name: `User ${id}`, email: `user${id}@example.com` }),
  products: (id) => ({ id, sku: `S${id}`, name: `Product ${id}`, price: '1' }),
  orders: (id) => ({ id, userId: id, productId: id, quantity: 1 }),
};

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('no load gets past a batch before every other load has come as far', async () => {
    const rounds = 5;
    const meet = Array.from({ length: rounds }, () => barrier(3));
    const committed: string[] = [];
    const source = (name: string): Source =>
      streamOf(async function* (): AsyncGenerator<RawRecord[]> {
        for (const [round, arrive] of meet.entries()) {
          // loads that ran one after the other would wait here for ever
          await arrive();
          yield [rawRecord(records[name]?.(round + 1), round + 1)];
        }
      });
    const report = await populateIn(await makePlace(), {
      batchRecords: 1,
      sources: { users: source('users'), products: source('products'), orders: source('orders') },
      listener: { progressed: (database) => committed.push(database) },
    });
    for (const counts of Object.values(countsOf(report))) {
      expect(counts).toMatchObject({ read: rounds, inserted: rounds, rejected: 0 });
    }
    // and the batches of the three were committed in turns, not in three blocks
    const firstOf = (name: string) => committed.indexOf(name);
    const lastOf = (name: string) => committed.lastIndexOf(name);
    for (const name of Object.keys(records)) {
      for (const other of Object.keys(records)) {
        expect(firstOf(name)).toBeLessThan(lastOf(other));
      }
    }
  });
});
