/** Decides over pending orders once the users and products that they name can be asked for. */
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
  /** Still pending: users or products are out of reach, or a load that may bring them, or the order itself, is not finished. */
  readonly pending: number;
  /** Why orders were cancelled, the first of them. */
  readonly examples: readonly { readonly orderId: number; readonly message: string }[];
}

export interface SettleOptions {
  /** Orders that are read, and confirmed, at a time. */
  readonly pageOrders?: number;
}

const PAGE_ORDERS = 200;
const MAX_EXAMPLES = 100;

type PendingOrder = Pick<Order, 'id' | 'userId' | 'productId'>;

/**
 * Confirms each pending order whose user and product exist, and cancels each of which one verifiably does not, putting
 * back what it took; both through the outbox. Others stay as they are.
 *
 * @throws MeridianError `database` or `locked` when the region's own database cannot be read or written; what was decided
 *   before stays decided, and the same call goes on from there
 */
export async function settlePending(
  region: Region,
  { pageOrders = PAGE_ORDERS }: SettleOptions = {},
): Promise<Settlement> {
  let [seen, confirmed, cancelled] = [0, 0, 0];
  const examples: { orderId: number; message: string }[] = [];
  for await (const page of pendingOrders(region, pageOrders)) {
    seen += page.length;
    const { existing, dangling } = await judge(region, page);
    confirmed += await confirm(region, existing);
    for (const [orderId, message] of dangling) {
      if (await cancelUnlessWithheld(region, orderId)) {
        cancelled++;
        if (examples.length < MAX_EXAMPLES) {
          examples.push({ orderId, message });
        }
      }
    }
  }
  return { confirmed, cancelled, pending: seen - confirmed - cancelled, examples };
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

/** @returns orders whose user and product exist, and those of which one does not, with the reason; the rest is unknown */
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

/** In one transaction. @returns how many were pending still, and not withheld */
async function confirm(region: Region, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) {
    return 0;
  }
  const work = async (em: EntityManager, at: string) => {
    const rows = await markConfirmed(em, ids);
    const events = rows.map((row) => orderEvent(row, 'confirmed', at));
    await new Outbox(region.database).write(em, events);
    return { confirmed: rows.length };
  };
  const request = `confirmation of ${ids.length} pending orders`;
  const outcome = await onceOnly(region, request, work, ({ confirmed }) => confirmed > 0);
  return outcome.confirmed;
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

async function cancelUnlessWithheld(region: Region, orderId: number): Promise<boolean> {
  try {
    return await cancelPending(region, orderId);
  } catch (error) {
    // withheld by a load, which may have reverted it meanwhile
    if (error instanceof MeridianError && (error.code === 'locked' || error.code === 'usage')) {
      return false;
    }
    throw error;
  }
}
