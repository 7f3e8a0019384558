/** Several callers with one key: one of them does it, all others get the answer that it was done before, whatever fails meanwhile. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Cancellation, cancelCheckout, cancelOrder } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import { settlePending } from '../../../src/shop/trading/settle-pending.ts';
import { addUsersAndProducts, BOSTON, disagreements, onHandOf, openBoston } from '../../support/boston.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { loseNextAcknowledgement, loseNextTransaction } from '../../support/transactions.ts';

/** Each as if it were a process of its own: none shares a connection with another. */
const CALLERS = 4;

const ITEMS = [
  { productId: 1, quantity: 2 },
  { productId: 2, quantity: 1 },
];

forEachEngineMigratedThoroughly('region', (makePlace, engine) => {
  let place: Place;
  let region: Region;
  let callers: Region[];

  beforeEach(async () => {
    place = await makePlace();
    await addUsersAndProducts(place);
    region = await openBoston(place);
    callers = [];
    for (let caller = 0; caller < CALLERS; caller++) {
      callers.push(await openBoston(place));
    }
    for (const productId of [1, 2]) {
      await receiveStock(region, { productId, quantity: 10 });
    }
  });

  /** What two callers of each process are answered; the same, but for who has done it. */
  async function answersOf<T extends { readonly isRepeated: boolean }>(call: (caller: Region) => Promise<T>) {
    const answers = await Promise.all([...callers, ...callers].map(call));
    const outcomes = new Set(answers.map(({ isRepeated: _, ...outcome }) => JSON.stringify(outcome)));
    return { first: answers.filter(({ isRepeated }) => !isRepeated).length, different: outcomes.size };
  }

  const isDoneNow = (cancellations: readonly Cancellation[]) =>
    cancellations.map(({ isCancelledNow }) => isCancelledNow);

  describe('at the same time', () => {
    test('one places the order', async () => {
      const request = { userId: 1, items: ITEMS, key: 'K' };
      expect(await answersOf((caller) => placeOrder(caller, request))).toEqual({ first: 1, different: 1 });
      expect(await place.rowsOf('orders', BOSTON)).toHaveLength(ITEMS.length);
      expect(await disagreements(place)).toEqual([]);
    });

    test('one is refused, and the refusal is that of all', async () => {
      const request = { userId: 1, items: [{ productId: 1, quantity: 11 }], key: 'K' };
      expect(await answersOf((caller) => placeOrder(caller, request))).toEqual({ first: 1, different: 1 });
    });

    test('one receives the delivery', async () => {
      const delivery = { productId: 1, quantity: 5, key: 'K' };
      expect(await answersOf((caller) => receiveStock(caller, delivery))).toEqual({ first: 1, different: 1 });
      expect(await onHandOf(place, 1)).toBe(15);
    });

    test('one cancels the order', async () => {
      await placeOrder(region, { userId: 1, items: ITEMS, key: 'K' });
      const answers = await Promise.all([...callers, ...callers].map((caller) => cancelCheckout(caller, 'K')));
      expect(answers.filter((answer) => isDoneNow(answer).every(Boolean))).toHaveLength(1);
      expect(answers.filter((answer) => !isDoneNow(answer).some(Boolean))).toHaveLength(2 * CALLERS - 1);
      expect([await onHandOf(place, 1), await onHandOf(place, 2)]).toEqual([10, 10]);
      const kept = await place.execute(BOSTON, "select request from checkouts where request like 'cancel%'");
      expect(kept).toEqual([{ request: 'cancellation of orders 1, 2' }]);
    });
  });

  describe('when the acknowledgement of a commit is lost', () => {
    test('the caller that placed the order gets `placed`, and one in between gets that it was placed before', async () => {
      const request = { userId: 1, items: ITEMS, key: 'K' };
      let other: unknown;
      loseNextAcknowledgement(region, async () => {
        other = await placeOrder(callers[0] as Region, request);
      });
      const placed = await placeOrder(region, request);
      expect(placed).toMatchObject({ result: 'placed', isRepeated: false });
      expect(other).toEqual({ ...placed, isRepeated: true });
    });

    test('the same for a delivery', async () => {
      const delivery = { productId: 1, quantity: 5, key: 'K' };
      loseNextAcknowledgement(region);
      expect(await receiveStock(region, delivery)).toMatchObject({ onHand: 15, isRepeated: false });
      expect(await receiveStock(region, delivery)).toMatchObject({ onHand: 15, isRepeated: true });
    });

    test('the caller that cancelled the orders gets that answer, once', async () => {
      await placeOrder(region, { userId: 1, items: ITEMS, key: 'K' });
      loseNextAcknowledgement(region);
      expect(await cancelOrder(region, 1)).toEqual({ orderId: 1, productId: 1, isCancelledNow: true, returned: 2 });
      loseNextAcknowledgement(region);
      expect(await cancelCheckout(region, 'K')).toEqual([
        { orderId: 1, productId: 1, isCancelledNow: false, returned: 0 },
        { orderId: 2, productId: 2, isCancelledNow: true, returned: 1 },
      ]);
      expect([await onHandOf(place, 1), await onHandOf(place, 2)]).toEqual([10, 10]);
      expect(await disagreements(place)).toEqual([]);
    });

    test.each([
      [1, { confirmed: 1, cancelled: 0, pending: 0 }],
      [9, { confirmed: 0, cancelled: 1, pending: 0 }],
    ])('the caller that settled a pending order of user %d gets that answer', async (userId, settlement) => {
      await place.execute(
        BOSTON,
        `insert into orders (id, user_id, product_id, quantity, status) values (1, ${userId}, 1, 1, 'pending')`,
      );
      loseNextAcknowledgement(region);
      expect(await settlePending(region)).toMatchObject(settlement);
    });
  });

  test('when it stays lost, the error says how to find out the outcome', async () => {
    const hasty = await openBoston(place, { retrySeconds: 0 });
    const request = { userId: 1, items: ITEMS };
    loseNextAcknowledgement(hasty);
    const error: unknown = await placeOrder(hasty, request).catch((thrown: unknown) => thrown);
    if (engine === 'sqlite') {
      // a file that is locked was not written to
      expect(error).toMatchObject({ code: 'locked', message: expect.not.stringContaining('not known') });
      return;
    }
    expect(error).toMatchObject({
      code: 'database',
      message: expect.stringMatching(
        /the connection to .* was lost .* It is not known whether this was done: order of user 1: 2 of product 1, 1 of product 2\. Ask again with the key [\w-]{36}: /,
      ),
    });
    const key = /with the key ([\w-]{36})/.exec((error as Error).message)?.[1] ?? '';
    expect(await placeOrder(region, { ...request, key })).toMatchObject({ result: 'placed', key, isRepeated: true });
    expect(await place.rowsOf('orders', BOSTON)).toHaveLength(ITEMS.length);
  });

  describe('when a transaction is lost before its commit', () => {
    test('an order that another caller placed meanwhile is reported as placed before', async () => {
      const request = { userId: 1, items: ITEMS, key: 'K' };
      let other: unknown;
      loseNextTransaction(region, async () => {
        other = await placeOrder(callers[0] as Region, request);
      });
      expect(await placeOrder(region, request)).toEqual({ ...(other as object), isRepeated: true });
      expect(other).toMatchObject({ result: 'placed', isRepeated: false });
    });

    test('the same for a delivery', async () => {
      const delivery = { productId: 1, quantity: 5, key: 'K' };
      loseNextTransaction(region, () => receiveStock(callers[0] as Region, delivery));
      expect(await receiveStock(region, delivery)).toMatchObject({ onHand: 15, isRepeated: true });
    });

    test('the same for a cancellation', async () => {
      await placeOrder(region, { userId: 1, items: ITEMS, key: 'K' });
      loseNextTransaction(region, () => cancelOrder(callers[0] as Region, 1));
      expect(await cancelOrder(region, 1)).toMatchObject({ isCancelledNow: false });
    });
  });
});
