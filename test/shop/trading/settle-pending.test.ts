/** Pending orders are decided over as soon as users and products can be asked, and no sooner. */
import { beforeEach, expect, test } from '@jest/globals';
import { cancelOrder } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import { settlePending } from '../../../src/shop/trading/settle-pending.ts';
import {
  addUsersAndProducts,
  BOSTON,
  disagreements,
  eventsIn,
  hold,
  onHandOf,
  openBoston,
} from '../../support/boston.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';

forEachEngineMigratedThoroughly('region', (makePlace) => {
  let place: Place;
  let region: Region;

  const statuses = async () =>
    ((await place.rowsOf('orders', BOSTON)) as { status: string }[]).map(({ status }) => status);

  beforeEach(async () => {
    place = await makePlace();
    region = await openBoston(place);
    for (const productId of [1, 8]) {
      await receiveStock(region, { productId, quantity: 10, price: '1' });
    }
    for (const [userId, productId] of [
      [1, 1],
      [9, 1],
      [1, 8],
      [2, 1],
      [9, 8],
    ] as const) {
      await placeOrder(region, { userId, items: [{ productId, quantity: 1 }] });
    }
  });

  test('nothing is decided while they are out of reach', async () => {
    expect(await settlePending(region)).toEqual({ confirmed: 0, cancelled: 0, pending: 5, examples: [] });
    expect(new Set(await statuses())).toEqual(new Set(['pending']));
  });

  test.each([1, 2, 100])('confirms what exists and cancels what does not, %d at a time', async (pageOrders) => {
    await addUsersAndProducts(place);
    const later = await openBoston(place);
    expect(await settlePending(later, { pageOrders })).toEqual({
      confirmed: 2,
      cancelled: 3,
      pending: 0,
      examples: [
        { orderId: 2, message: 'User 9 does not exist' },
        { orderId: 3, message: 'Product 8 does not exist' },
        { orderId: 5, message: 'User 9 does not exist; Product 8 does not exist' },
      ],
    });
    expect(await statuses()).toEqual(['confirmed', 'cancelled', 'cancelled', 'confirmed', 'cancelled']);
    expect([await onHandOf(place, 1), await onHandOf(place, 8)]).toEqual([8, 10]);
    expect(await disagreements(place)).toEqual([]);
    const types = (await eventsIn(place)).slice(17).map(({ type }) => type);
    expect(types.sort()).toEqual([
      ...Array(3).fill('cancelled'),
      ...Array(2).fill('confirmed'),
      ...Array(3).fill('returned'),
    ]);
    expect(await settlePending(later, { pageOrders })).toEqual({
      confirmed: 0,
      cancelled: 0,
      pending: 0,
      examples: [],
    });
  });

  test('one of them out of reach: cancels what verifiably does not exist, leaves the rest', async () => {
    await addUsersAndProducts(place);
    await place.execute('products', 'drop table products');
    expect(await settlePending(await openBoston(place))).toMatchObject({ confirmed: 0, cancelled: 2, pending: 3 });
    expect(await statuses()).toEqual(['pending', 'cancelled', 'pending', 'pending', 'cancelled']);
  });

  test('cancels no order whose user or product an unfinished load may still bring', async () => {
    await addUsersAndProducts(place);
    await place.execute(
      'users',
      "insert into meridian_runs_users values ('r', 's', null, '{}', '[]', 'loading', 0, 0, 0, 0, 0, '[]', null, 0, null, null, 'x', 'x', 'user')",
    );
    expect(await settlePending(await openBoston(place))).toMatchObject({ confirmed: 2, cancelled: 2, pending: 1 });
  });

  test('does not change an order that a populate may still revert', async () => {
    await addUsersAndProducts(place);
    await place.execute(
      BOSTON,
      "insert into orders (id, user_id, product_id, quantity, status) values (50, 1, 1, 1, 'pending')",
    );
    await hold(place, 50, 'loaded');
    const later = await openBoston(place);
    expect(await settlePending(later)).toMatchObject({ confirmed: 2, cancelled: 3, pending: 1 });
    await place.execute('users', 'delete from users');
    expect(await settlePending(later)).toMatchObject({ confirmed: 0, cancelled: 0, pending: 1 });
    await place.execute(BOSTON, "update meridian_runs_orders set state = 'finished'");
    expect(await settlePending(later)).toMatchObject({ cancelled: 1, pending: 0 });
    expect(await onHandOf(place, 1)).toBe(8);
  });

  test('what was judged before a load is not cancelled when another one has confirmed it after the load', async () => {
    await addUsersAndProducts(place);
    const [slow, other] = [await openBoston(place), await openBoston(place)];
    const { users } = slow;
    const { presence } = users;
    users.presence = async (keys) => {
      const before = await presence.call(users, keys);
      await place.execute('users', "insert into users (id, name, email) values (9, 'User 9', '9@example.com')");
      expect(await settlePending(other)).toMatchObject({ confirmed: 3, cancelled: 2 });
      return before;
    };
    expect(await settlePending(slow)).toMatchObject({ confirmed: 0, cancelled: 0, pending: 0 });
    expect(await statuses()).toEqual(['confirmed', 'confirmed', 'cancelled', 'confirmed', 'cancelled']);
    expect([await onHandOf(place, 1), await onHandOf(place, 8)]).toEqual([7, 10]);
    expect(await disagreements(place)).toEqual([]);
  });

  test.each([
    ['cancelled', 9],
    ['confirmed', 1],
  ])('goes on when a load reverts the order that is about to be %s, which is not pending then', async (_, userId) => {
    await addUsersAndProducts(place);
    await place.execute(
      BOSTON,
      `insert into orders (id, user_id, product_id, quantity, status) values (50, ${userId}, 1, 1, 'pending')`,
    );
    const later = await openBoston(place);
    const { users } = later;
    const { presence } = users;
    users.presence = async (keys) => {
      const before = await presence.call(users, keys);
      await place.execute(BOSTON, 'delete from orders where id = 50');
      return before;
    };
    expect(await settlePending(later)).toMatchObject({ confirmed: 2, cancelled: 3, pending: 0 });
    expect(await statuses()).toEqual(['confirmed', 'cancelled', 'cancelled', 'confirmed', 'cancelled']);
    expect(await disagreements(place)).toEqual([]);
  });

  test('cancels each once when two settle at once and a third cancels', async () => {
    await addUsersAndProducts(place);
    const [one, other] = [await openBoston(place), await openBoston(place)];
    const [a, b] = await Promise.all([settlePending(one), settlePending(other), cancelOrder(region, 2)]);
    expect(a.confirmed + b.confirmed).toBe(2);
    expect([await onHandOf(place, 1), await onHandOf(place, 8)]).toEqual([8, 10]);
    expect(await disagreements(place)).toEqual([]);
  });
});
