/** Cancelling: what an order took goes back into stock once, and what it did not take never does. */
import { beforeEach, expect, test } from '@jest/globals';
import { ordersOf, products, users } from '../../../src/shop/catalog.ts';
import { cancelCheckout, cancelOrder } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import {
  addUsersAndProducts,
  BOSTON,
  disagreements,
  eventsIn,
  hold,
  onHandOf,
  openBoston,
} from '../../support/boston.ts';
import { populateIn } from '../../support/databases.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { sourceOf } from '../../support/sources.ts';

const catalog = [users, products, ordersOf('boston')];

forEachEngineMigratedThoroughly('trading', (makePlace) => {
  let place: Place;
  let region: Region;

  const load = (records: readonly object[], onConflict: 'reject' | 'update' = 'reject') =>
    populateIn(place, { catalog, sources: { [BOSTON]: sourceOf(records) }, onConflict });

  beforeEach(async () => {
    place = await makePlace();
    await addUsersAndProducts(place);
    region = await openBoston(place);
    for (const productId of [1, 2]) {
      await receiveStock(region, { productId, quantity: 10 });
    }
    const items = [1, 2].map((productId) => ({ productId, quantity: 3 }));
    await placeOrder(region, { userId: 1, items, key: 'K' });
  });

  test('puts back the stock, and publishes both changes', async () => {
    expect(await cancelOrder(region, 1)).toEqual({ orderId: 1, productId: 1, isCancelledNow: true, returned: 3 });
    expect([await onHandOf(place, 1), await onHandOf(place, 2)]).toEqual([10, 7]);
    expect((await eventsIn(place)).slice(-2).map(({ type }) => type)).toEqual(['cancelled', 'returned']);
    expect(await disagreements(place)).toEqual([]);
  });

  test('does so once, however many callers ask however often', async () => {
    const results = await Promise.all([
      ...Array.from({ length: 6 }, () => cancelOrder(region, 1)),
      cancelCheckout(region, 'K'),
      cancelCheckout(region, 'K'),
    ]);
    const cancelled = results.flat().filter(({ isCancelledNow }) => isCancelledNow);
    expect(cancelled.map(({ orderId }) => orderId).sort()).toEqual([1, 2]);
    expect([await onHandOf(place, 1), await onHandOf(place, 2)]).toEqual([10, 10]);
    expect(await cancelOrder(region, 2)).toEqual({ orderId: 2, productId: 2, isCancelledNow: false, returned: 0 });
    expect(await disagreements(place)).toEqual([]);
  });

  test('all that were placed together', async () => {
    await cancelOrder(region, 2);
    expect(await cancelCheckout(region, 'K')).toEqual([
      { orderId: 1, productId: 1, isCancelledNow: true, returned: 3 },
      { orderId: 2, productId: 2, isCancelledNow: false, returned: 0 },
    ]);
    expect(await disagreements(place)).toEqual([]);
  });

  test.each(['L', 'R', 'D'])('no orders were placed with the key %s', async (key) => {
    await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 99 }], key: 'R' });
    await receiveStock(region, { productId: 1, quantity: 1, key: 'D' });
    await expect(cancelCheckout(region, key)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(new RegExp(`^The key ${key} (was not used|placed no order) in boston`)),
    });
  });

  test('an order that does not exist', async () => {
    await expect(cancelOrder(region, 99)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^There is no order 99 in boston/),
    });
  });

  test('one that was loaded puts nothing back, whatever checkout its file names', async () => {
    await load([
      { id: 50, userId: 1, productId: 1, quantity: 4 },
      { id: 51, userId: 1, productId: 1, quantity: 4, checkoutId: 'K' },
      { id: 52, userId: 1, productId: 1, quantity: 4, checkoutId: 'other' },
    ]);
    for (const id of [50, 51, 52]) {
      expect(await cancelOrder(region, id)).toEqual({ orderId: id, productId: 1, isCancelledNow: true, returned: 0 });
    }
    expect(await onHandOf(place, 1)).toBe(7);
    expect((await eventsIn(place)).at(-1)).toMatchObject({ type: 'cancelled', aggregate_id: 52, aggregate_version: 2 });
    expect(await cancelCheckout(region, 'K')).toHaveLength(2);
  });

  test('an order that a file restored with another quantity puts back what it took, once', async () => {
    await cancelOrder(region, 1);
    await load([{ id: 1, userId: 1, productId: 1, quantity: 9, status: 'confirmed' }], 'update');
    expect(await cancelOrder(region, 1)).toMatchObject({ isCancelledNow: true, returned: 0 });
    await load([{ id: 2, userId: 1, productId: 1, quantity: 9 }], 'update');
    expect(await cancelOrder(region, 2)).toMatchObject({ isCancelledNow: true, returned: 3 });
    expect([await onHandOf(place, 1), await onHandOf(place, 2)]).toEqual([10, 10]);
    expect(await disagreements(place)).not.toContainEqual(expect.objectContaining({ before: expect.anything() }));
  });

  test('puts nothing back for a product that is no longer in stock', async () => {
    await place.execute(BOSTON, 'delete from stock where product_id = 1');
    expect(await cancelOrder(region, 1)).toMatchObject({ isCancelledNow: true, returned: 0 });
  });

  test.each(['loading', 'loaded', 'stopping'])(
    'does not change an order that a populate may still revert: %s',
    async (state) => {
      await place.execute(BOSTON, 'insert into orders (id, user_id, product_id, quantity) values (50, 1, 1, 4)');
      await hold(place, 50, state);
      await expect(cancelOrder(region, 50)).rejects.toMatchObject({
        code: 'locked',
        message: expect.stringMatching(/^Order 50 is being loaded by a populate/),
      });
      expect(await place.execute(BOSTON, 'select status, version from orders where id = 50')).toEqual([
        { status: 'confirmed', version: 1 },
      ]);
      await place.execute(BOSTON, "update meridian_runs_orders set state = 'finished'");
      expect(await cancelOrder(region, 50)).toMatchObject({ isCancelledNow: true });
    },
  );
});
