/** Settles pending orders once their users and products can be checked. */
import type { EntityManager } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { Outbox } from '../../replication/index.ts';
import { Order } from '../orders/order.entity.ts';
import { cancelPending } from './cancel-order.ts';
import { onceOnly } from './checkout.ts';
import { orderEvent } from './events/order-event.ts';
import type { Region } from './region.ts';

import { tablesOf } from './tables.ts';
import { withheldOrders } from './withheld-orders.ts';

export interface Settlement {
  readonly confirmed: number;
  readonly cancelled: number;
  /**
   * Orders that stay pending: users or products are unreachable, or a load that may insert them, or the load of the order itself, has not
   * finished.
   */
  readonly pending: number;
  /** The first cancelled orders, with the reasons. */
  readonly examples: readonly { readonly orderId: number; readonly message: string }[];
}

export interface SettleOptions {
  /** Orders per page, which are read and confirmed together. */
  readonly pageOrders?: number;
}

const PAGE_ORDERS = 200;
const MAX_EXAMPLES = 100;

type PendingOrder = Pick<Order, 'id' | 'userId' | 'productId'>;

/**
 * Confirms each pending order whose user and product exist, and cancels each order whose user or product verifiably does not exist, putting
 * its pieces back. Both write events. Other orders stay pending.
 *
 * @throws MeridianError `database` or `locked` when the region's own database cannot be read or written; earlier decisions are kept, and
 *   the same call continues from there
 */
export async function settlePending(
  region: Region,
  { pageOrders = PAGE_ORDERS }: SettleOptions = {},
): Promise<Settlement> {
  let [confirmed, cancelled, pending] = [0, 0, 0];
  const examples: { orderId: number; message: string }[] = [];
  for await (const page of pendingOrders(region, pageOrders)) {
    const { existing, dangling } = await judge(region, page);
    const confirmation = await confirm(region, existing);
    confirmed += confirmation.confirmed;
    // count unknown and withheld orders; those that another settlement or a load has processed meanwhile are not pending any more
    pending += page.length - existing.length - dangling.size + confirmation.pending;
    for (const [orderId, message] of dangling) {
      const outcome = await cancelUnlessWithheld(region, orderId);
      if (outcome === 'withheld') {
        pending++;
      } else if (outcome === 'cancelled') {
        cancelled++;
        if (examples.length < MAX_EXAMPLES) {
          examples.push({ orderId, message });
        }
      }
    }
  }
  return { confirmed, cancelled, pending, examples };
}

async function* pendingOrders({ database }: Region, limit: number): AsyncGenerator<readonly PendingOrder[]> {
  let after = 0;
  for (;;) {
    const page = await readPage(after);
    const last = page.at(-1);
    if (last === undefined) {
      return;
    }
    yield page;
    after = last.id;
  }

  async function readPage(from: number): Promise<PendingOrder[]> {
    try {
      return await database
        .fork()
        .find(
          Order,
          { status: 'pending', id: { $gt: from } },
          { fields: ['id', 'userId', 'productId'], orderBy: { id: 'asc' }, limit, disableIdentityMap: true },
        );
    } catch (error) {
      throw database.explain(error);
    }
  }
}

/** @returns orders whose user and product exist, and those with a dangling reference, with the reason; the rest is unknown */
async function judge({ users, products }: Region, page: readonly PendingOrder[]) {
  const [ofUsers, ofProducts] = await Promise.all([
    users.presence([...new Set(page.map((order) => order.userId))]),
    products.presence([...new Set(page.map((order) => order.productId))]),
  ]);
  const existing: number[] = [];
  const dangling = new Map<number, string>();
  for (const { id, userId, productId } of page) {
    const [user, product] = [ofUsers.get(userId), ofProducts.get(productId)];
    const reasons = [
      ...(user === 'absent' ? [`User ${userId} does not exist`] : []),
      ...(product === 'absent' ? [`Product ${productId} does not exist`] : []),
    ];
    if (reasons.length > 0) {
      dangling.set(id, reasons.join('; '));
    } else if (user === 'present' && product === 'present') {
      existing.push(id);
    }
  }
  return { existing, dangling };
}

/** Confirms orders in one transaction. @returns the number of confirmed orders, and of withheld ones, which stay pending */
async function confirm(region: Region, ids: readonly number[]): Promise<Pick<Settlement, 'confirmed' | 'pending'>> {
  if (ids.length === 0) {
    return { confirmed: 0, pending: 0 };
  }
  const work = async (em: EntityManager, at: string) => {
    const rows = await markConfirmed(em, ids);
    const events = rows.map((row) => orderEvent(row, 'confirmed', at));
    await new Outbox(region.database).write(em, events);
    const pending = rows.length < ids.length ? await countPending(em, ids) : 0;
    return { confirmed: rows.length, pending };
  };
  const request = `confirmation of ${ids.length} pending orders`;
  return onceOnly(region, request, work, ({ confirmed }) => confirmed > 0);
}

function countPending(em: EntityManager, ids: readonly number[]): Promise<number> {
  return em.count(Order, { id: { $in: ids }, status: 'pending' });
}

async function markConfirmed(em: EntityManager, ids: readonly number[]): Promise<Order[]> {
  const rows = await tablesOf(em)
    .updateTable('Order')
    .set((column) => ({ status: 'confirmed', version: column('version', '+', 1) }))
    .where('id', 'in', ids)
    .where('status', '=', 'pending')
    .where('id', 'not in', withheldOrders(em).where('event.aggregateId', 'in', ids))
    .returningAll()
    .execute();
  return rows.sort((a, b) => a.id - b.id);
}

/** @returns `gone` for an order that is not pending any more, or that a load has reverted */
async function cancelUnlessWithheld(region: Region, orderId: number): Promise<'cancelled' | 'withheld' | 'gone'> {
  try {
    return (await cancelPending(region, orderId)) ? 'cancelled' : 'gone';
  } catch (error) {
    if (error instanceof MeridianError && error.code === 'locked') {
      return 'withheld';
    }
    if (error instanceof MeridianError && error.code === 'usage') {
      return 'gone';
    }
    throw error;
  }
}
