/** Orders that wait for one SQLite file are placed with the same statements, and come out as they do one after the other. */
import { expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/shop/trading/order-request.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import { addUsersAndProducts, BOSTON, disagreements, openBoston, stockIn } from '../../support/boston.ts';
import { withClocks } from '../../support/clocks.ts';
import { sqlitePlace } from '../../support/engines.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import type { Place } from '../../support/place.ts';

const NOW = Date.parse('2026-01-02T03:04:05.678Z');

const order = (key: string | undefined, ...items: readonly [productId: number, quantity: number][]): OrderRequest => ({
  userId: 1,
  items: items.map(([productId, quantity]) => ({ productId, quantity })),
  key,
});

interface Shop {
  readonly place: Place;
  readonly region: Region;
}

/** Ten of product 1, three of product 2, and a checkout with the key `before`. */
async function makeShop(): Promise<Shop> {
  const place = sqlitePlace(makeFolder());
  await addUsersAndProducts(place);
  const region = await openBoston(place);
  await receiveStock(region, { productId: 1, quantity: 10, price: '9.99', key: 'first delivery' });
  await receiveStock(region, { productId: 2, quantity: 3, price: '0.10', key: 'second delivery' });
  await placeOrder(region, order('before', [1, 1]));
  return { place, region };
}

/** All that orders leave behind, but for ids that are drawn. */
async function stateOf({ place }: Shop): Promise<unknown> {
  const checkouts = await place.execute(BOSTON, 'select * from checkouts order by id');
  const events = await place.execute(BOSTON, 'select * from outbox_event order by id');
  return {
    stock: await stockIn(place),
    orders: await place.rowsOf('orders', BOSTON),
    events: events.map((event) => ({ ...event, event_id: 'drawn' })),
    checkouts: checkouts.map((row) => ({ ...row, outcome: { ...JSON.parse(String(row['outcome'])), call: 'drawn' } })),
  };
}

async function bothWays(requests: readonly OrderRequest[], prepare: (shop: Shop) => Promise<void> = async () => {}) {
  const [together, oneByOne] = [await makeShop(), await makeShop()];
  await prepare(together);
  await prepare(oneByOne);
  const outcomes = await Promise.allSettled(requests.map((request) => placeOrder(together.region, request)));
  const expected: PromiseSettledResult<unknown>[] = [];
  for (const request of requests) {
    expected.push(...(await Promise.allSettled([placeOrder(oneByOne.region, request)])));
  }
  expect(outcomes).toEqual(expected);
  expect(await stateOf(together)).toEqual(await stateOf(oneByOne));
  expect(await disagreements(together.place)).toHaveLength((await disagreements(oneByOne.place)).length);
  return outcomes.map((one) => (one.status === 'fulfilled' ? one.value.result : String(one.reason.message)));
}

const atThisTime = (work: () => Promise<void>) => withClocks({ now: () => NOW }, work);

test('each is placed, refused or repeated as if it were alone', async () => {
  await atThisTime(async () => {
    const results = await bothWays([
      order('a', [1, 2], [2, 1]),
      order('b', [2, 3]),
      order('before', [1, 1]),
      order('c', [1, 1], [2, 2]),
      order('before', [1, 7]),
      order('d', [2, 1], [9, 1]),
      order('e', [1, 6]),
      order('f', [1, 1]),
    ]);
    expect(results).toEqual([
      'placed',
      'refused',
      'placed',
      'placed',
      expect.stringMatching(/the key before was used .* for something else/),
      'refused',
      'placed',
      'refused',
    ]);
  });
});

test('the same key twice, and a row that central could not read, are left to be done one by one', async () => {
  await atThisTime(async () => {
    const requests = [order('a', [1, 1]), order('a', [1, 1]), order('a', [1, 2]), order('b', [2, 1])];
    const results = await bothWays(requests);
    expect(results).toEqual(['placed', 'placed', expect.stringMatching(/for something else/), 'placed']);
    const unreadable = ({ place }: Shop) =>
      place.execute(BOSTON, `update stock set name = '${'x'.repeat(300)}' where product_id = 2`).then(() => undefined);
    expect(await bothWays([order('a', [1, 1]), order('b', [2, 1]), order('c', [1, 1])], unreadable)).toEqual([
      'placed',
      expect.stringMatching(/central could not read it: Name/),
      'placed',
    ]);
    const negative = ({ place }: Shop) =>
      place.execute(BOSTON, 'update stock set version = -5 where product_id = 2').then(() => undefined);
    expect(await bothWays([order('a', [1, 1]), order('b', [2, 1]), order('c', [1, 1])], negative)).toEqual([
      'placed',
      expect.stringMatching(/central could not read it: Version/),
      'placed',
    ]);
  });
});

test('the number of statements does not depend on the number of orders, and none is a savepoint', async () => {
  const { region } = await makeShop();
  const statementsOf = async (keys: readonly string[]) => {
    const statements: string[] = [];
    await watchStatements({ before: (_, sql) => statements.push(sql) }, async () => {
      await Promise.all(keys.map((key) => placeOrder(region, order(key, [1, 1]))));
    });
    expect(statements.filter((sql) => sql.includes('savepoint'))).toEqual([]);
    const isInsert = (sql: string) => sql.startsWith('insert');
    return { inserts: statements.filter(isInsert), others: statements.filter((sql) => !isInsert(sql)) };
  };
  const [ofFive, ofTwo] = [await statementsOf(['a', 'b', 'c', 'd', 'e']), await statementsOf(['f', 'g'])];
  expect(ofFive.others).toEqual(ofTwo.others);
  // five rows at a time: of the keys and of the orders once, and of their events three times
  expect(ofFive.inserts).toHaveLength(5);
});
