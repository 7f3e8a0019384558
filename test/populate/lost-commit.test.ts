/** A connection that breaks over a commit: whether the batch is in, only the database knows, and it is asked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { countsOf, populateIn } from '../support/databases.ts';
import { describeWithPostgresql, makePostgresqlPlace, postgresqlPlace } from '../support/engines.ts';
import { startProxy } from '../support/postgresql/proxy.ts';
import { rawRecord, sourceOf, streamOf } from '../support/sources.ts';

const user = { id: 1, name: 'Ann', email: 'ann@example.com' };
const product = { id: 1, sku: 'S1', name: 'Mug', price: '1' };
const order = (id: number, userId: number) => rawRecord({ id, userId, productId: 1, quantity: 1 }, id);

describeWithPostgresql('PostgreSQL', () => {
  test('a batch whose commit was not confirmed is counted and checked', async () => {
    const direct = await makePostgresqlPlace();
    const proxy = await startProxy(direct.url('orders'));
    const place = postgresqlPlace((name) => proxy.urlOf(direct.url(name)));
    await populateIn(place, { sources: { users: sourceOf([user]), products: sourceOf([product]) } });
    let isLost = false;
    const report = await populateIn(place, {
      batchRecords: 2,
      sources: {
        orders: streamOf(async function* () {
          yield [order(1, 1), order(2, 98)];
          if (!isLost) {
            // the source is read again by the check of references
            proxy.loseNextCommit();
            isLost = true;
          }
          yield [order(3, 99), order(4, 1)];
        }),
      },
    });
    expect(isLost).toBe(true);
    expect(report.databases['orders']?.failure).toBeUndefined();
    expect((await place.rowsOf('orders')).map((row) => (row as { id: number }).id)).toEqual([1, 4]);
    expect(countsOf(report)['orders']).toEqual({ read: 4, inserted: 2, updated: 0, unchanged: 0, rejected: 2 });
    const rejects = readFileSync(join(place.folder, 'rejects', 'orders.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(rejects.map((line) => JSON.parse(line).number)).toEqual([2, 3]);
  });
});
