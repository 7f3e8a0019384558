/** Placing an order: all of it or nothing, and the same key gives the same outcome. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_PRODUCTS } from '../../../src/shop/limits.ts';
import type { OrderRequest } from '../../../src/shop/trading/order-request.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import {
  addUsersAndProducts,
  BOSTON,
  disagreements,
  eventsIn,
  onHandOf,
  openBoston,
  stockIn,
} from '../../support/boston.ts';
import { withClocks } from '../../support/clocks.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';

const NOW = '2026-01-02T03:04:05.678Z';

forEachEngineMigratedThoroughly('trading', (makePlace) => {
  let place: Place;
  let region: Region;

  beforeEach(async () => {
    place = await makePlace();
    await addUsersAndProducts(place);
    region = await openBoston(place);
    await receiveStock(region, { productId: 1, quantity: 10, price: '9.99' });
    await receiveStock(region, { productId: 3, quantity: 10 });
  });

  const placedThen = (request: OrderRequest) =>
    withClocks({ now: () => Date.parse(NOW) }, () => placeOrder(region, request));

  test('takes from stock, writes an order for each product, and publishes every change', async () => {
    const items = [
      { productId: 3, quantity: 1 },
      { productId: 1, quantity: 2 },
      { productId: 3, quantity: 4 },
    ];
    const outcome = await placedThen({ userId: 2, items, country: ' France ', key: 'K' });
    expect(outcome).toEqual({
      result: 'placed',
      key: 'K',
      userId: 2,
      status: 'confirmed',
      placedAt: NOW,
      country: 'France',
      orders: [
        { id: 1, productId: 1, name: 'Product 1', quantity: 2, unitPrice: '9.99' },
        { id: 2, productId: 3, name: 'Product 3', quantity: 5, unitPrice: '3.00' },
      ],
      total: '34.98',
      isRepeated: false,
    });
    const order = { user_id: 2, placed_at: NOW, country: 'France', status: 'confirmed', checkout_id: 'K', version: 1 };
    expect(await place.rowsOf('orders', BOSTON)).toEqual([
      { ...order, id: 1, product_id: 1, quantity: 2, unit_price_cents: 999 },
      { ...order, id: 2, product_id: 3, quantity: 5, unit_price_cents: 300 },
    ]);
    expect((await stockIn(place)).map(({ on_hand, version }) => [on_hand, version])).toEqual([
      [8, 2],
      [5, 2],
    ]);
    const events = (await eventsIn(place)).slice(2).map(({ type, aggregate_id }) => `${type} ${aggregate_id}`);
    expect(events).toEqual(['placed 1', 'placed 2', 'sold 1', 'sold 3', 'placed 1']);
    expect(await disagreements(place)).toEqual([]);
  });

  test('refuses all of it when something is short, names every shortage, and changes nothing', async () => {
    const before = [await stockIn(place), await eventsIn(place)];
    const items = [
      { productId: 1, quantity: 11 },
      { productId: 2, quantity: 1 },
      { productId: 3, quantity: 1 },
    ];
    expect(await placeOrder(region, { userId: 1, items })).toMatchObject({
      result: 'refused',
      reasons: [
        {
          code: 'out-of-stock',
          productId: 1,
          wanted: 11,
          onHand: 10,
          message: 'boston has 10 of product 1 on hand, and 11 are wanted',
        },
        { code: 'not-sold', productId: 2, wanted: 1, message: 'Product 2 is not sold in boston' },
      ],
    });
    expect([await stockIn(place), await eventsIn(place)]).toEqual(before);
    expect(await place.rowsOf('orders', BOSTON)).toEqual([]);
    expect(await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 10 }] })).toMatchObject({
      result: 'placed',
    });
  });

  test('refuses a user or product that does not exist', async () => {
    const items = [
      { productId: 1, quantity: 1 },
      { productId: 7, quantity: 1 },
    ];
    const outcome = await placeOrder(region, { userId: 9, items });
    expect(outcome).toMatchObject({
      result: 'refused',
      reasons: [
        { code: 'unknown-user', message: 'User 9 does not exist' },
        { code: 'unknown-product', message: 'Product 7 does not exist' },
      ],
    });
    expect(await onHandOf(place, 1)).toBe(10);
  });

  test.each(['users', 'products'])('leaves it pending when there are no %s to ask', async (gone) => {
    await place.execute(gone, `drop table ${gone}`);
    const outcome = await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 1 }] });
    expect(outcome).toMatchObject({ result: 'placed', status: 'pending' });
    expect(await place.rowsOf('orders', BOSTON)).toMatchObject([{ status: 'pending' }]);
    expect(await disagreements(place)).toEqual([]);
  });

  test('asks again seconds after users were out of reach, though the clock was set back by an hour', async () => {
    let [shift, time] = [0, 0];
    const order = () =>
      withClocks({ now: () => Date.now() + shift, monotonic: () => time }, () =>
        placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 1 }] }),
      );
    await place.execute('users', 'alter table users rename to customers');
    expect(await order()).toMatchObject({ status: 'pending' });
    await place.execute('users', 'alter table customers rename to users');
    shift = -3_600_000;
    time += 6000;
    expect(await order()).toMatchObject({ status: 'confirmed' });
  });

  test('leaves it pending when a load that may bring the user is not finished', async () => {
    await place.execute(
      'users',
      "insert into meridian_runs_users values ('r', 's', null, '{}', '[]', 'loading', 0, 0, 0, 0, 0, '[]', null, 0, null, null, 'x', 'x', 'user')",
    );
    const items = [{ productId: 1, quantity: 1 }];
    expect(await placeOrder(region, { userId: 9, items })).toMatchObject({ result: 'placed', status: 'pending' });
    expect(await placeOrder(region, { userId: 1, items })).toMatchObject({ result: 'placed', status: 'confirmed' });
  });

  describe('a key', () => {
    const items = [{ productId: 1, quantity: 2 }];

    test('gives the first outcome again, whatever has changed', async () => {
      const first = await placeOrder(region, { userId: 1, items, key: 'K' });
      await place.execute('users', 'delete from users');
      await place.execute(BOSTON, 'update stock set on_hand = 0');
      const again = await placeOrder(region, { userId: 1, items, key: 'K' });
      expect(again).toEqual({ ...first, isRepeated: true });
      expect(await place.rowsOf('orders', BOSTON)).toHaveLength(1);
    });

    test.each([
      ['out of stock', { userId: 1, items: [{ productId: 1, quantity: 11 }] }],
      ['no such user', { userId: 9, items }],
    ])('gives a refusal again: %s', async (_, request) => {
      const first = await placeOrder(region, { ...request, key: 'K' });
      expect(first).toMatchObject({ result: 'refused', isRepeated: false });
      await receiveStock(region, { productId: 1, quantity: 100 });
      await place.execute('users', "insert into users values (9, 'Nine', 'nine@example.com')");
      expect(await placeOrder(region, { ...request, key: 'K' })).toEqual({ ...first, isRepeated: true });
      expect(await placeOrder(region, request)).toMatchObject({ result: 'placed' });
    });

    test.each([
      ['another user', { userId: 2, items }],
      ['another quantity', { userId: 1, items: [{ productId: 1, quantity: 3 }] }],
      ['another product', { userId: 1, items: [{ productId: 3, quantity: 2 }] }],
      ['a country', { userId: 1, items, country: 'France' }],
    ])('is refused for %s', async (_, other) => {
      await placedThen({ userId: 1, items, key: 'K' });
      await expect(placeOrder(region, { ...other, key: 'K' })).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(
          /the key K was used on 2026-01-02.* order of user 1: 2 of product 1\. Take another key/,
        ),
      });
      expect(await onHandOf(place, 1)).toBe(8);
    });

    test('places once when many come with it at the same time', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => placeOrder(region, { userId: 1, items, key: 'K' })),
      );
      expect(new Set(outcomes.map((one) => JSON.stringify({ ...one, isRepeated: 0 }))).size).toBe(1);
      expect(await onHandOf(place, 1)).toBe(8);
      expect(await disagreements(place)).toEqual([]);
    });
  });

  test.each([
    ['no items', { userId: 1, items: [] }, /at least one item/],
    [
      'a quantity of zero',
      { userId: 1, items: [{ productId: 1, quantity: 0 }] },
      /^Product 1: Quantity must be positive\.$/,
    ],
    [
      'a negative one beside a positive',
      {
        userId: 1,
        items: [
          { productId: 1, quantity: 5 },
          { productId: 1, quantity: -1 },
        ],
      },
      /positive/,
    ],
    ['a fraction', { userId: 1, items: [{ productId: 1, quantity: 1.5 }] }, /whole number/],
    [
      'a sum that is too large',
      {
        userId: 1,
        items: [
          { productId: 1, quantity: 1e9 },
          { productId: 1, quantity: 1 },
        ],
      },
      /at most 1,000,000,000/,
    ],
    ['a user that is no number', { userId: Number.NaN, items: [{ productId: 1, quantity: 1 }] }, /User id/],
    ['an id that is too large', { userId: 2 ** 53, items: [{ productId: 1, quantity: 1 }] }, /User id/],
    ['an empty key', { userId: 1, items: [{ productId: 1, quantity: 1 }], key: '' }, /^Key cannot be empty\.$/],
    ['a long key', { userId: 1, items: [{ productId: 1, quantity: 1 }], key: 'k'.repeat(101) }, /at most 100/],
    [
      'a key that not every database keeps',
      { userId: 1, items: [{ productId: 1, quantity: 1 }], key: 'k\0' },
      /^Key holds a character that not every database can keep\.$/,
    ],
    [
      'half a character in its country',
      { userId: 1, items: [{ productId: 1, quantity: 1 }], country: '\ud83d' },
      /^Country holds a character/,
    ],
    ['a long country', { userId: 1, items: [{ productId: 1, quantity: 1 }], country: 'x'.repeat(101) }, /Country/],
    [
      'too many products',
      {
        userId: 1,
        items: Array.from({ length: MAX_PRODUCTS + 1 }, (_, index) => ({ productId: index + 1, quantity: 1 })),
      },
      /at most 100 different products/,
    ],
  ])('a request with %s breaks a rule', async (_, request, message) => {
    const before = await stockIn(place);
    await expect(placeOrder(region, request)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
    expect(await stockIn(place)).toEqual(before);
  });

  test('counts an emoji once, as its document does', async () => {
    const key = '😀'.repeat(100);
    const placed = await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 1 }], key });
    expect(placed).toMatchObject({ result: 'placed', key });
    await expect(
      placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 1 }], key: `${key}😀` }),
    ).rejects.toMatchObject({ code: 'usage', message: 'Key can have at most 100 characters.' });
  });

  test('what stock says of a product, and central could not read, is refused before anything is written', async () => {
    await place.execute(BOSTON, `update stock set name = '${'x'.repeat(101)}' where product_id = 1`);
    const before = [await stockIn(place), await eventsIn(place)];
    await expect(placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 1 }] })).rejects.toMatchObject({
      code: 'database',
      message:
        "boston cannot place this order, for central could not read it: Name can have at most 100 characters. Correct the product in the region's table stock; nothing was taken.",
    });
    expect([await stockIn(place), await eventsIn(place)]).toEqual(before);
  });

  test('finds free ids where orders came with ids of their own', async () => {
    for (const id of [1, 2, 4]) {
      await place.execute(BOSTON, `insert into orders (id, user_id, product_id, quantity) values (${id}, 1, 1, 1)`);
    }
    const items = [1, 3].map((productId) => ({ productId, quantity: 1 }));
    for (let count = 0; count < 3; count++) {
      const outcome = await placeOrder(region, { userId: 1, items });
      expect(outcome).toMatchObject({ result: 'placed', orders: [{ productId: 1 }, { productId: 3 }] });
    }
    expect(await place.rowsOf('orders', BOSTON)).toHaveLength(9);
  });

  /** Orders that came with ids of their own, and where a sequence stands, if there is one. */
  async function loaded(ids: readonly number[], lastValue?: number): Promise<void> {
    for (const id of ids) {
      await place.execute(BOSTON, `insert into orders (id, user_id, product_id, quantity) values (${id}, 1, 1, 1)`);
    }
    if (place.engine === 'postgresql' && lastValue !== undefined) {
      await place.execute(BOSTON, `select setval('orders_id_seq', ${lastValue})`);
    }
  }

  const greatest = Number.MAX_SAFE_INTEGER;

  test.each([
    ['the greatest id that there is', [greatest], undefined],
    ['the greatest id, behind which a sequence stands', [greatest], greatest],
    ['the first and the last ids', [1, 2, 3, greatest - 2, greatest - 1, greatest], 2],
    ['the last ids, with a gap of two', [7, greatest - 3, greatest], greatest - 3],
  ])('an order with %s keeps no other out', async (_, ids, lastValue) => {
    await loaded(ids, lastValue);
    const placed: number[] = [];
    for (let count = 0; count < 3; count++) {
      const items = [1, 3].map((productId) => ({ productId, quantity: 1 }));
      const outcome = await placeOrder(region, { userId: 1, items });
      placed.push(...(outcome.result === 'placed' ? outcome.orders.map(({ id }) => id) : []));
    }
    expect(new Set([...placed, ...ids]).size).toBe(6 + ids.length);
    expect(placed.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
    expect(await place.rowsOf('orders', BOSTON)).toHaveLength(6 + ids.length);
  });

  test('two orders at once beside the greatest id are both placed', async () => {
    await loaded([greatest], greatest);
    const outcomes = await Promise.all(
      [1, 3].map((productId) => placeOrder(region, { userId: 1, items: [{ productId, quantity: 1 }] })),
    );
    expect(outcomes.map(({ result }) => result)).toEqual(['placed', 'placed']);
  });
});
