/** Cancels orders: the pieces that they took from stock are put back, once. */
import type { EntityManager } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { type NewEvent, Outbox } from '../../replication/index.ts';
import { Order, type OrderStatus } from '../orders/order.entity.ts';
import { claimStockReturn, onceOnly, ordersPlacedWith } from './checkout.ts';
import { orderEvent } from './events/order-event.ts';
import { stockEvent } from './events/stock-event.ts';
import type { OrderItem } from './order-request.ts';
import type { Region } from './region.ts';
import { tablesOf } from './tables.ts';
import { putBack } from './take-stock.ts';
import { refuseWithheld } from './withheld-orders.ts';

export interface Cancellation {
  readonly orderId: number;
  readonly productId: number;
  /** `false` for an order that was cancelled before, which is not changed. */
  readonly isCancelledNow: boolean;
  /** The number of pieces that were put back; 0 for an order from a file, which took nothing from stock. */
  readonly returned: number;
}

type Line = OrderItem & { readonly id: number };

const CANCELLABLE: readonly OrderStatus[] = ['confirmed', 'pending'];

/**
 * Cancels an order. The stored outcome of its checkout determines which pieces it took, so a loaded order puts nothing back, even if its
 * file names a checkout.
 *
 * @throws MeridianError `usage` if there is no such order; `locked` while a populate may still revert it
 */
export async function cancelOrder(region: Region, orderId: number): Promise<Cancellation> {
  const [cancellation] = await cancel(region, [orderId], CANCELLABLE);
  return cancellation as Cancellation;
}

/**
 * Cancels all orders that were placed together.
 *
 * @throws MeridianError `usage` if none was placed with this key; `locked` as above
 */
export async function cancelCheckout(region: Region, key: string): Promise<Cancellation[]> {
  return cancel(region, await ordersPlacedWith(region, key), CANCELLABLE);
}

/** Cancels an order if it is still pending. @returns whether it was */
export async function cancelPending(region: Region, orderId: number): Promise<boolean> {
  const [cancellation] = await cancel(region, [orderId], ['pending']);
  return cancellation?.isCancelledNow ?? false;
}

/** Cancels the orders that have one of the given statuses. */
async function cancel(region: Region, ids: readonly number[], from: readonly OrderStatus[]): Promise<Cancellation[]> {
  const request = `cancellation of ${ids.length === 1 ? 'order' : 'orders'} ${ids.join(', ')}`;
  const { cancellations } = await onceOnly(
    region,
    request,
    async (em, at) => ({ cancellations: await cancelAll(region, em, ids, from, at) }),
    (outcome) => outcome.cancellations.some(({ isCancelledNow }) => isCancelledNow),
  );
  return cancellations;
}

async function cancelAll(
  region: Region,
  em: EntityManager,
  ids: readonly number[],
  from: readonly OrderStatus[],
  at: string,
): Promise<Cancellation[]> {
  const cancelled: Order[] = [];
  // a fixed locking order, first orders and then stock by product, prevents deadlocks between cancellations
  for (const id of ids.toSorted((a, b) => a - b)) {
    const row = await markCancelled(em, id, from);
    if (row !== undefined) {
      cancelled.push(row);
    }
  }
  const others = await untouched(region, em, ids, cancelled);
  if (cancelled.length === 0) {
    return others;
  }
  await refuseWithheld(
    em,
    cancelled.map(({ id }) => id),
  );
  const events: NewEvent[] = cancelled.map((row) => orderEvent(row, 'cancelled', at));
  const returned = new Map<number, number>();
  for (const line of await linesToReturn(em, cancelled)) {
    const stock = await putBack(em, line);
    if (stock !== undefined) {
      events.push(stockEvent(stock, 'returned', at));
      returned.set(line.id, line.quantity);
    }
  }
  await new Outbox(region.database).write(em, events);
  const done = cancelled.map((row) => ({
    orderId: row.id,
    productId: row.productId,
    isCancelledNow: true,
    returned: returned.get(row.id) ?? 0,
  }));
  return [...done, ...others].sort((a, b) => a.orderId - b.orderId);
}

function markCancelled(em: EntityManager, id: number, from: readonly OrderStatus[]): Promise<Order | undefined> {
  return tablesOf(em)
    .updateTable('Order')
    .set((column) => ({ status: 'cancelled', version: column('version', '+', 1) }))
    .where('id', '=', id)
    .where('status', 'in', from)
    .returningAll()
    .executeTakeFirst();
}

/** The orders whose status does not allow a cancellation. @throws MeridianError `usage` if an order does not exist */
async function untouched(
  { name }: Region,
  em: EntityManager,
  ids: readonly number[],
  cancelled: readonly Order[],
): Promise<Cancellation[]> {
  const left = ids.filter((id) => !cancelled.some((row) => row.id === id));
  if (left.length === 0) {
    return [];
  }
  const rows = await em.find(Order, { id: { $in: left } }, { fields: ['id', 'productId'], disableIdentityMap: true });
  const missing = left.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) {
    throw new MeridianError(
      'usage',
      `There is no order ${missing} in ${name}. npx meridian order list --region ${name} shows what there is.`,
    );
  }
  return rows.map((row) => ({ orderId: row.id, productId: row.productId, isCancelledNow: false, returned: 0 }));
}

/** The lines whose pieces are put back, sorted by product. */
async function linesToReturn(em: EntityManager, orders: readonly Order[]): Promise<Line[]> {
  const byCheckout = Map.groupBy(orders, (row) => row.checkoutId);
  const lines: (readonly Line[])[] = [];
  for (const [key, rows] of byCheckout) {
    if (key) {
      const ids = rows.map(({ id }) => id);
      lines.push(await claimStockReturn<Line>(em, key, ids));
    }
  }
  return lines.flat().sort((a, b) => a.productId - b.productId);
}
