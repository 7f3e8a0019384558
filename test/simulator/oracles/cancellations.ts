/**
 * No order is cancelled without request, unless its user or product does not exist; none is pending any more; and what a client was answered
 * about a cancellation holds.
 */
import type { Cancellation } from '../../../src/shop/trading/cancel-order.ts';
import { PRODUCT_IDS, USER_IDS } from '../parts/files.ts';
import { ordersDatabase } from '../plan.ts';
import type { World } from '../world.ts';

interface OrderRow {
  readonly id: number;
  readonly user: number;
  readonly product: number;
  /** Nothing for orders that were loaded, which may have been cancelled before. */
  readonly key: string | null;
  readonly status: string;
}

export function wrongCancellations({ views, answers }: World, region: string): string[] {
  const rows = views.rows<OrderRow>(
    ordersDatabase(region),
    "select id, user_id as user, product_id as product, checkout_id as key, status from orders where status <> 'confirmed'",
  );
  return rows.flatMap(({ id, user, product, key, status }) => {
    const exists = USER_IDS.some((one) => one === user) && PRODUCT_IDS.some((one) => one === product);
    if (status === 'pending') {
      return [`${region}: order ${id} is pending`];
    }
    return key !== null && exists && !answers.isCancellationRequested(region, key)
      ? [`${region}: order ${id} (${key}) is cancelled, which was not asked for`]
      : [];
  });
}

interface KeptRow {
  readonly id: string;
  readonly outcome: string;
}

interface Kept {
  readonly outcome: { readonly cancellations?: readonly Cancellation[] };
  /** Ids of orders whose pieces are in stock again. */
  readonly returned: readonly number[];
}

/** Every cancellation that a client was answered is there, and is what the region has kept of it. */
export function lostCancellations({ views, answers }: World, region: string): string[] {
  const database = ordersDatabase(region);
  const orders = views.rows<OrderRow>(database, 'select id, product_id as product, status from orders');
  const byId = new Map(orders.map((order) => [order.id, order]));
  const rows = views.rows<KeptRow>(database, 'select id, outcome from checkouts');
  const kept = new Map(rows.map(({ id, outcome }) => [id, JSON.parse(outcome) as Kept]));
  const done = new Set([...kept.values()].map(({ outcome }) => JSON.stringify(outcome.cancellations)));
  return [...answers.of(region).cancellations].flatMap(([key, given]) => {
    const returned = kept.get(key)?.returned ?? [];
    return given.flatMap((cancellations) => [
      ...cancellations.flatMap(({ orderId, productId, returned: pieces }) => {
        const { product, status } = byId.get(orderId) ?? { product: undefined, status: 'not there' };
        if (status !== 'cancelled' || product !== productId) {
          return [`${region}: order ${orderId} (${key}) was answered to be cancelled, and is ${status}`];
        }
        return pieces > 0 && !returned.includes(orderId)
          ? [`${region}: order ${orderId} (${key}) was answered to be in stock again, and is not`]
          : [];
      }),
      ...(cancellations.some(({ isCancelledNow }) => isCancelledNow) && !done.has(JSON.stringify(cancellations))
        ? [`${region}: the region has not kept the cancellation of ${key} as it was answered`]
        : []),
    ]);
  });
}
