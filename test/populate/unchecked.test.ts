/** A run that is killed between its loads and its reference check: the next one leaves nothing dangling. */
import { expect, test } from '@jest/globals';
import { countsOf, fileOf, populateIn, rowsOf } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';
import { killedLoad } from '../support/killed-load.ts';
import { sourceOf } from '../support/sources.ts';
import { look } from '../support/stored.ts';

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const product = (id: number) => ({ id, sku: `S${id}`, name: `Product ${id}`, price: '1' });
const order = (id: number, userId: number, quantity = 1) => ({ id, userId, productId: 1, quantity });

/** Orders 1 and 2 were there; the killed run moves order 1 to a user who does not exist, and brings 3 (dangling) and 4. */
const orders = [order(1, 99, 5), order(2, 2, 7), order(3, 98), order(4, 1)];

async function begin(folder: string): Promise<void> {
  await populateIn(folder, {
    sources: {
      users: sourceOf([user(1), user(2)]),
      products: sourceOf([product(1)]),
      orders: sourceOf([order(1, 1), order(2, 2)]),
    },
  });
}

const kill = (folder: string) => killedLoad({ folder, sources: { orders } });

const again = (folder: string, warnings: string[] = []) =>
  populateIn(folder, {
    sources: { orders: sourceOf(orders) },
    onConflict: 'update',
    listener: { warned: (_, sentence) => warnings.push(sentence) },
  });

/** Of each order its id, user and quantity. */
const ordersIn = (folder: string) =>
  (rowsOf(folder, 'orders') as { id: number; user_id: number; quantity: number }[]).map((row) => [
    row.id,
    row.user_id,
    row.quantity,
  ]);

/** Of the runs of orders, the oldest first. */
const statesOf = (folder: string) =>
  look(fileOf(folder, 'orders'), 'select state from meridian_runs_orders order by id').map(({ state }) => state);

const keptOf = (folder: string) => [...look(fileOf(folder, 'orders'), 'select * from meridian_run_batches_orders')];

/** The numbers of the orders that each run has rejected, the oldest first. */
const rejectedOf = (folder: string) =>
  look(
    fileOf(folder, 'orders'),
    'select group_concat(number) as numbers from (select * from meridian_rejects_orders order by run, number) group by run order by run',
  ).map(({ numbers }) => numbers);

test('a source that cannot be read twice is not continued, but its unchecked records are checked', async () => {
  const [killed, straight] = [makeFolder(), makeFolder()];
  await Promise.all([begin(killed), begin(straight)]);
  await kill(killed);
  expect(ordersIn(killed)).toContainEqual([1, 99, 5]);

  const warnings: string[] = [];
  const [after, expected] = [await again(killed, warnings), await again(straight)];
  expect(warnings.join()).toMatch(
    /^orders: the run of .+ over memory was stopped after 4 records and is not continued/,
  );
  expect(rowsOf(killed, 'orders')).toEqual(rowsOf(straight, 'orders'));
  expect(ordersIn(killed)).toEqual([
    [1, 1, 1],
    [2, 2, 7],
    [4, 1, 1],
  ]);
  expect(countsOf(expected)['orders']).toEqual({ read: 4, inserted: 1, updated: 1, unchanged: 0, rejected: 2 });
  // what was in and pointed at something has stayed in
  expect(countsOf(after)['orders']).toEqual({ read: 4, inserted: 0, updated: 0, unchanged: 2, rejected: 2 });
  expect(statesOf(killed)).toEqual(['finished', 'abandoned', 'finished']);
  expect(keptOf(killed)).toEqual([]);
  expect(rejectedOf(killed)).toEqual(['1,3', '1,3']);
});

test('a load of something else settles it as well', async () => {
  const folder = makeFolder();
  await begin(folder);
  await kill(folder);
  await populateIn(folder, { sources: { orders: sourceOf([order(10, 2)]) } });
  expect(ordersIn(folder)).toEqual([
    [1, 1, 1],
    [2, 2, 7],
    [4, 1, 1],
    [10, 2, 1],
  ]);
});

test('a dry run reports the same and checks nothing for good', async () => {
  const folder = makeFolder();
  await begin(folder);
  await kill(folder);
  const [rows, states] = [rowsOf(folder, 'orders'), statesOf(folder)];
  const dry = await populateIn(folder, { sources: { orders: sourceOf(orders) }, onConflict: 'update', dryRun: true });
  expect([rowsOf(folder, 'orders'), statesOf(folder)]).toEqual([rows, states]);
  expect(countsOf(dry)).toEqual(countsOf(await again(folder)));
});
