/** A program: fills a region's outbox by the functions that orders are placed with, many orders a transaction. */
import { Order, openMigrated, orderEvent, regionDatabase, stockEvent, writeEvents } from '../meridian.ts';
import { giveBack, givenJob } from '../program.ts';
import { PRODUCTS, REGION, requestOf } from '../requests.ts';

export interface FillJob {
  /** Of orders: one each, and one of the stock that it was taken from. */
  readonly events: number;
  readonly seed: number;
}

const ORDERS_PER_TRANSACTION = 2500;
const EVENTS_PER_ORDER = 2;

const { events, seed } = givenJob<FillJob>();
const region = await openMigrated(regionDatabase(REGION));
const orders = events / EVENTS_PER_ORDER;
const versions = new Array<number>(PRODUCTS + 1).fill(1);
for (let first = 1; first <= orders; first += ORDERS_PER_TRANSACTION) {
  const count = Math.min(ORDERS_PER_TRANSACTION, orders - first + 1);
  const at = new Date().toISOString();
  const placed = Array.from({ length: count }, (_, index) => {
    const id = first + index;
    const { userId, items } = requestOf(seed, id, 1);
    const [{ productId, quantity } = { productId: 1, quantity: 1 }] = items;
    const order = { id, userId, productId, quantity, unitPrice: '9.99', placedAt: at, country: 'France' };
    return { ...order, status: 'confirmed' as const, checkoutId: `bench-${id}`, version: 1 };
  });
  const events = placed.flatMap((order) => {
    const { productId } = order;
    const version = (versions[productId] ?? 0) + 1;
    versions[productId] = version;
    const stock = {
      productId,
      name: `Product ${productId}`,
      unitPrice: '9.99',
      onHand: 1_000_000_000 - version,
      version,
    };
    return [orderEvent(order, 'placed', at), stockEvent(stock, 'sold', at)];
  });
  await region.fork().transactional(async (em) => {
    await region.bulk(Order).insertAll(em, placed);
    await writeEvents(region, em, events);
  });
}
await region.close();
giveBack({});
