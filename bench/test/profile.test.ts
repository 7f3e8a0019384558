import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profiled, sharesOf } from '../regions/profile.ts';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

test('time is summed up by whose code it is, and native code counts with its caller', () => {
  const shares = sharesOf({
    nodes: [
      node(1, '(root)', '', [2, 3, 6, 8]),
      node(2, '(idle)', ''),
      node(3, 'place', 'file:///x/dist/src/shop/trading/place-order.js', [4]),
      node(4, 'executeQuery', 'file:///x/node_modules/kysely/dist/dialect/sqlite/sqlite-driver.js', [5]),
      node(5, 'all', ''),
      node(6, 'fork', 'file:///x/node_modules/@mikro-orm/core/EntityManager.js', [7]),
      node(7, 'get', 'file:///x/node_modules/@mikro-orm/sql/node_modules/kysely/dist/kysely.js'),
      node(8, 'writev', ''),
    ],
    samples: [2, 3, 4, 5, 6, 7, 8],
    timeDeltas: [10, 10, 15, 25, 20, 5, 15],
  });
  assert.deepEqual(shares, [
    { group: 'SQLite and the disk', share: 0.4 },
    { group: 'MikroORM', share: 0.2 },
    { group: 'Node.js', share: 0.15 },
    { group: 'waiting', share: 0.1 },
    { group: 'Meridian, shop/trading', share: 0.1 },
    { group: 'kysely', share: 0.05 },
  ]);
});

test('what this process does is reported in shares of one', async () => {
  const shares = await profiled(async () => {
    const end = performance.now() + 100;
    while (performance.now() < end) {
      JSON.parse(JSON.stringify({ end }));
    }
  });
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  assert.ok(Math.abs(total - 1) < 1e-9, String(total));
});
