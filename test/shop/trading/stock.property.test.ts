/** Any sequence of deliveries, orders, cancellations and repairs: stock is conserved, and every row has its event. */
import { beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cancelCheckout, cancelOrder } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import { settlePending } from '../../../src/shop/trading/settle-pending.ts';
import { addUsersAndProducts, BOSTON, disagreements, openBoston, stockIn } from '../../support/boston.ts';
import { depth } from '../../support/depth.ts';
import { forEachEngineMigratedThoroughly, type Place, sqlitePlace } from '../../support/engines.ts';

const RUNS = depth(8, 40);

type Status = 'confirmed' | 'pending' | 'cancelled';

interface ModelOrder {
  readonly id: number;
  readonly key: string;
  readonly userId: number;
  readonly productId: number;
  readonly quantity: number;
  status: Status;
}

/** What has to come of it, without a database. */
class Model {
  readonly received = new Map<number, number>();
  readonly orders: ModelOrder[] = [];
  /** Key -> what was answered first. */
  readonly answers = new Map<string, { readonly request: string; readonly outcome: unknown }>();

  /** Received − sold + cancelled. */
  onHand(productId: number): number | undefined {
    const received = this.received.get(productId);
    return (
      received &&
      this.orders
        .filter((order) => order.productId === productId && order.status !== 'cancelled')
        .reduce((left, { quantity }) => left - quantity, received)
    );
  }
}

const productId = fc.integer({ min: 1, max: 3 });
// there is no user 9, and no product 8
const orderedProductId = fc.constantFrom(1, 2, 3, 8);
const key = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('receive'), productId, quantity: fc.integer({ min: 1, max: 9 }), key }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('place'),
      isAlone: fc.boolean(),
      userId: fc.constantFrom(1, 2, 9),
      items: fc.array(fc.record({ productId: orderedProductId, quantity: fc.integer({ min: 1, max: 4 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      key,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel'), which: fc.nat(), isWhole: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle'), isAlone: fc.boolean() }) },
) as fc.Arbitrary<Step>;

type Step =
  | { kind: 'receive'; productId: number; quantity: number; key: string | undefined }
  | {
      kind: 'place';
      isAlone: boolean;
      userId: number;
      items: { productId: number; quantity: number }[];
      key: string | undefined;
    }
  | { kind: 'cancel'; which: number; isWhole: boolean }
  | { kind: 'settle'; isAlone: boolean };

forEachEngineMigratedThoroughly('trading', (makePlace) => {
  let place: Place;
  let region: Region;
  let alone: Region;

  beforeEach(async () => {
    place = await makePlace();
    await addUsersAndProducts(place);
    region = await openBoston(place);
    const nowhere = sqlitePlace(`${place.folder}/nowhere`);
    alone = await openBoston(place, { databaseOptions: (name) => (name === BOSTON ? place : nowhere).options(name) });
  });

  /** Does a step, and checks that its outcome is the one that the model has. */
  async function take(model: Model, one: Step): Promise<void> {
    if (one.kind === 'receive') {
      const { kind: _, ...delivery } = one;
      const request = JSON.stringify(one);
      const first = one.key === undefined ? undefined : model.answers.get(one.key);
      const work = receiveStock(region, { ...delivery, price: '1.50' });
      if (first !== undefined && first.request !== request) {
        await expect(work).rejects.toMatchObject({ code: 'usage' });
        return;
      }
      const outcome = await work;
      if (first !== undefined) {
        expect(outcome).toEqual({ ...(first.outcome as object), isRepeated: true });
        return;
      }
      model.received.set(one.productId, (model.received.get(one.productId) ?? 0) + one.quantity);
      expect(outcome).toMatchObject({ onHand: model.onHand(one.productId), isRepeated: false });
      if (one.key !== undefined) {
        model.answers.set(one.key, { request, outcome });
      }
    } else if (one.kind === 'place') {
      const wanted = new Map<number, number>();
      for (const item of one.items) {
        wanted.set(item.productId, (wanted.get(item.productId) ?? 0) + item.quantity);
      }
      const request = JSON.stringify([one.userId, [...wanted].sort()]);
      const first = one.key === undefined ? undefined : model.answers.get(one.key);
      const { userId, items, key: given } = one;
      const work = placeOrder(one.isAlone ? alone : region, { userId, items, key: given });
      if (first !== undefined && first.request !== request) {
        await expect(work).rejects.toMatchObject({ code: 'usage' });
        return;
      }
      const outcome = await work;
      if (first !== undefined) {
        expect(outcome).toEqual({ ...(first.outcome as object), isRepeated: true });
        return;
      }
      const isKnown = one.isAlone || (userId !== 9 && !wanted.has(8));
      const isThere = [...wanted].every(([id, quantity]) => (model.onHand(id) ?? 0) >= quantity);
      expect(outcome.result).toBe(isKnown && isThere ? 'placed' : 'refused');
      if (outcome.result === 'placed') {
        const status = one.isAlone ? 'pending' : 'confirmed';
        expect(outcome.status).toBe(status);
        model.orders.push(
          ...outcome.orders.map((line) => ({ ...line, key: outcome.key, userId, status }) as ModelOrder),
        );
      }
      if (one.key !== undefined) {
        model.answers.set(one.key, { request, outcome });
      }
    } else if (one.kind === 'cancel') {
      const order = model.orders[one.which % (model.orders.length || 1)];
      if (order === undefined) {
        await expect(cancelOrder(region, one.which + 1)).rejects.toMatchObject({ code: 'usage' });
        return;
      }
      const meant = one.isWhole ? model.orders.filter((other) => other.key === order.key) : [order];
      const done = one.isWhole ? await cancelCheckout(alone, order.key) : [await cancelOrder(alone, order.id)];
      expect(done.map(({ isCancelledNow, returned }) => [isCancelledNow, returned])).toEqual(
        meant.map(({ status, quantity }) => (status === 'cancelled' ? [false, 0] : [true, quantity])),
      );
      for (const other of meant) {
        other.status = 'cancelled';
      }
    } else {
      const pending = model.orders.filter(({ status }) => status === 'pending');
      const settlement = await settlePending(one.isAlone ? alone : region, { pageOrders: 2 });
      const isGood = ({ userId, productId: id }: ModelOrder) => userId !== 9 && id !== 8;
      const confirmed = one.isAlone ? 0 : pending.filter(isGood).length;
      const cancelled = one.isAlone ? 0 : pending.length - confirmed;
      expect(settlement).toMatchObject({ confirmed, cancelled, pending: pending.length - confirmed - cancelled });
      for (const order of one.isAlone ? [] : pending) {
        order.status = isGood(order) ? 'confirmed' : 'cancelled';
      }
    }
  }

  test('stock is conserved, and every change has its event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        for (const table of ['orders', 'stock', 'checkouts', 'outbox_event']) {
          await place.execute(BOSTON, `delete from ${table}`);
        }
        const model = new Model();
        for (const one of steps) {
          await take(model, one);
        }
        expect((await stockIn(place)).map((row) => [row['product_id'], row['on_hand']])).toEqual(
          [...model.received.keys()].sort().map((id) => [id, model.onHand(id)]),
        );
        const rows = (await place.rowsOf('orders', BOSTON)) as { id: number; status: Status; quantity: number }[];
        expect(rows.map(({ id, status, quantity }) => [id, status, quantity])).toEqual(
          model.orders.toSorted((a, b) => a.id - b.id).map(({ id, status, quantity }) => [id, status, quantity]),
        );
        expect(await disagreements(place)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
