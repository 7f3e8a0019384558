/** Places an order in a region, in one local transaction over all of its items. */
import { type EntityManager, insertWithNextKeys } from '../../databases.ts';
import { inActiveSpan, Outbox } from '../../replication/index.ts';
import { Order } from '../orders/order.entity.ts';
import { earlierOutcome, once } from './checkout.ts';
import { isReadableStock } from './events/stock-event.ts';
import { type CheckedRequest, checkRequest, type OrderRequest } from './order-request.ts';
import { placeTogether } from './place-together.ts';
import {
  draftsOf,
  type OrderOutcome,
  type PlacedOrder,
  placedEvents,
  placedOrder,
  type RefusalReason,
  type RefusedOrder,
  reasonOf,
  refusedOrder,
  refuseUnreadable,
} from './placed-order.ts';
import type { Region } from './region.ts';
import type { Stock } from './stock.entity.ts';
import { type Shortage, takeStock } from './take-stock.ts';

/** Thrown to roll a transaction back and refuse the order. */
class Refusal extends Error {
  readonly reasons: readonly RefusalReason[];

  constructor(reasons: readonly RefusalReason[]) {
    super(reasons.map(({ message }) => message).join('; '));
    this.reasons = reasons;
  }
}

/**
 * Takes all items from stock and writes an order for each product, together with its events. If an item is short, nothing is changed, and
 * the outcome has the reasons. Stock never becomes negative, however many concurrent orders there are.
 *
 * An order with a user or product that verifiably does not exist is refused. If one cannot be checked, the order stays `pending` until
 * {@link settlePending} decides. After a conflict with another transaction, or a lost connection, even during the commit, the call is
 * retried with the same key for up to a minute, so that nothing is placed twice.
 *
 * @throws MeridianError `usage` for a request that violates a rule, or a key that was used for another request; `database` or `locked` when
 *   the region's own database cannot be written. With a given key, the call may then be repeated.
 */
export async function placeOrder(region: Region, request: OrderRequest): Promise<OrderOutcome> {
  const checked = checkRequest(request);
  const { claim } = checked;
  const earlier = await earlierOutcome<PlacedOrder | RefusedOrder>(region, claim);
  if (earlier !== undefined) {
    return earlier;
  }
  try {
    const status = await statusOf(region, checked);
    return await once<PlacedOrder | RefusedOrder>(
      region,
      claim,
      (em, at) => place(region, em, checked, status, at),
      (call) => ({
        runAll: placeTogether,
        item: { region, request: checked, status, call, inSpan: inActiveSpan(run) },
      }),
    );
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const refused = refusedOrder(claim.key, error.reasons);
    // no caller knows a generated key, so its outcome need not be stored
    return claim.isGiven
      ? once<PlacedOrder | RefusedOrder>(region, claim, () => Promise.resolve(refused))
      : { ...refused, isRepeated: false };
  }
}

const run = <T>(work: () => T): T => work();

/** @throws Refusal when the user or a product verifiably does not exist */
async function statusOf({ users, products }: Region, request: CheckedRequest): Promise<PlacedOrder['status']> {
  const productIds = request.lines.map(({ productId }) => productId);
  const [ofUsers, ofProducts] = await Promise.all([users.presence([request.userId]), products.presence(productIds)]);
  const reasons: RefusalReason[] = [];
  if (ofUsers.get(request.userId) === 'absent') {
    reasons.push({
      code: 'unknown-user',
      userId: request.userId,
      message: `User ${request.userId} does not exist`,
    });
  }
  for (const productId of productIds) {
    if (ofProducts.get(productId) === 'absent') {
      reasons.push({ code: 'unknown-product', productId, message: `Product ${productId} does not exist` });
    }
  }
  if (reasons.length > 0) {
    throw new Refusal(reasons);
  }
  const isConfirmed =
    ofUsers.get(request.userId) === 'present' && productIds.every((id) => ofProducts.get(id) === 'present');
  return isConfirmed ? 'confirmed' : 'pending';
}

async function place(
  { name, database }: Region,
  em: EntityManager,
  request: CheckedRequest,
  status: PlacedOrder['status'],
  at: string,
): Promise<PlacedOrder> {
  const { lines, details } = request;
  const stock: Stock[] = [];
  const shortages: Shortage[] = [];
  // sorted by product id, which prevents deadlocks between orders
  for (const line of lines) {
    const taken = await takeStock(em, line);
    if ('quantity' in taken) {
      shortages.push(taken);
    } else {
      stock.push(taken);
    }
  }
  if (shortages.length > 0) {
    throw new Refusal(shortages.map((one) => reasonOf(name, one)));
  }
  const orders = await insertWithNextKeys(database, em, Order, draftsOf(request, status, at, stock));
  orders.sort((a, b) => a.productId - b.productId);
  const placed = placedOrder(request, status, at, orders, stock);
  const events = placedEvents(name, placed, orders, stock, details);
  // the request is valid, so the row of stock must be invalid
  if (!stock.every(isReadableStock)) {
    refuseUnreadable(name, events);
  }
  await new Outbox(database).write(em, events);
  return placed;
}
