/** Places an order in a region: one local transaction over all its items, or nothing at all. */
import { type Database, type EntityManager, insertWithNextKeys } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { type NewEvent, Outbox } from '../../replication/index.ts';
import { fromCents, toCents } from '../../types.ts';
import { orderDocument } from '../documents/model/order-document.ts';
import { Order, type OrderStatus } from '../orders/order.entity.ts';
import { earlierOutcome, once, type Repeatable } from './checkout.ts';
import { checkoutEvent } from './events/checkout-event.ts';
import { unreadableReason } from './events/content.ts';
import { orderEvent } from './events/order-event.ts';
import { stockEvent } from './events/stock-event.ts';
import { type CheckedRequest, checkRequest, type OrderRequest } from './order-request.ts';
import type { Presence } from './referred.ts';
import type { Region } from './region.ts';
import type { Stock } from './stock.entity.ts';
import { type Shortage, takeStock } from './take-stock.ts';

/** One order of those that a request became: a product each. */
interface OrderLine {
  readonly id: number;
  readonly productId: number;
  /** As the region knew it at that moment. */
  readonly name: string | null;
  readonly quantity: number;
  /** Decimal text, as it was at that moment. */
  readonly unitPrice: string;
}

export interface PlacedOrder {
  readonly result: 'placed';
  readonly key: string;
  readonly userId: number;
  /** `pending` when the user or a product could not be checked. */
  readonly status: Extract<OrderStatus, 'confirmed' | 'pending'>;
  readonly placedAt: string;
  readonly country: string | null;
  readonly orders: readonly OrderLine[];
  /** Decimal text. */
  readonly total: string;
}

type RefusalReason =
  | { readonly code: 'unknown-user'; readonly userId: number; readonly message: string }
  | { readonly code: 'unknown-product'; readonly productId: number; readonly message: string }
  | { readonly code: 'not-sold'; readonly productId: number; readonly wanted: number; readonly message: string }
  | {
      readonly code: 'out-of-stock';
      readonly productId: number;
      readonly wanted: number;
      readonly onHand: number;
      readonly message: string;
    };

interface RefusedOrder {
  readonly result: 'refused';
  readonly key: string;
  readonly reasons: readonly RefusalReason[];
}

export type OrderOutcome = (PlacedOrder | RefusedOrder) & Repeatable;

/** Undoes the transaction in which it is thrown. */
class Refusal extends Error {
  readonly reasons: readonly RefusalReason[];

  constructor(reasons: readonly RefusalReason[]) {
    super(reasons.map(({ message }) => message).join('; '));
    this.reasons = reasons;
  }
}

/**
 * Takes all items from stock and writes an order for each product, together with its events; or, when one
 * of them is short, does nothing and says which and why. Stock never goes below zero, however many buyers there are.
 *
 * A user or product that verifiably does not exist is refused; one that cannot be checked leaves the order `pending`, for
 * {@link settlePending} to decide. Another transaction in the way, or a connection that breaks, even over the
 * commit, is tried again with the same key for up to a minute, so nothing is placed twice.
 *
 * @throws MeridianError `usage` for a request that breaks a rule, or a key that was used for something else; `database` or
 *   `locked` when the region's own database cannot be written. With a key of one's own, the same call may then be repeated.
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
    return await once<PlacedOrder | RefusedOrder>(region, claim, (em, at) => place(region, em, checked, status, at));
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const refused: RefusedOrder = { result: 'refused', key: claim.key, reasons: error.reasons };
    // a generated key is known to no caller, so it is never asked for again
    return claim.isGiven
      ? once<PlacedOrder | RefusedOrder>(region, claim, () => Promise.resolve(refused))
      : { ...refused, isRepeated: false };
  }
}

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
  const presences: Presence[] = [...ofUsers.values(), ...ofProducts.values()];
  return presences.includes('unknown') ? 'pending' : 'confirmed';
}

async function place(
  { name, database }: Region,
  em: EntityManager,
  request: CheckedRequest,
  status: PlacedOrder['status'],
  at: string,
): Promise<PlacedOrder> {
  const { userId, country, lines, details, claim } = request;
  const stock: Stock[] = [];
  const shortages: Shortage[] = [];
  // in the order of their ids, so that two orders never wait for each other
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
  const orders = await insertOrders(
    database,
    em,
    lines.map(({ productId, quantity }, index) => ({
      userId,
      productId,
      quantity,
      unitPrice: stock[index]?.unitPrice ?? '0.00',
      placedAt: at,
      country,
      status,
      checkoutId: claim.key,
      version: 1,
    })),
  );
  const total = orders.reduce(
    (sum, { unitPrice, quantity }) => sum + (toCents(unitPrice) ?? 0n) * BigInt(quantity),
    0n,
  );
  const placed: PlacedOrder = {
    result: 'placed',
    key: claim.key,
    userId,
    status,
    placedAt: at,
    country,
    // both by product
    orders: orders.map(({ id, productId, quantity, unitPrice }, index) => ({
      id,
      productId,
      name: stock[index]?.name ?? null,
      quantity,
      unitPrice,
    })),
    total: fromCents(total),
  };
  const events: NewEvent[] = [
    ...orders.map((order) => orderEvent(order, 'placed', at)),
    ...stock.map((row) => stockEvent(row, 'sold', at)),
    checkoutEvent(orderDocument(name, placed, details), 'placed', at),
  ];
  refuseUnreadable(name, events);
  await new Outbox(database).write(em, events);
  return placed;
}

/** The request keeps all rules; what is in stock may have been changed by hand. */
function refuseUnreadable(region: string, events: readonly NewEvent[]): void {
  const reason = unreadableReason(events);
  if (reason !== undefined) {
    throw new MeridianError(
      'database',
      `${region} cannot place this order, for central could not read it: ${reason}. Correct the product in the region's table stock; nothing was taken.`,
    );
  }
}

function reasonOf(region: string, { productId, quantity: wanted, onHand }: Shortage): RefusalReason {
  return onHand === null
    ? { code: 'not-sold', productId, wanted, message: `Product ${productId} is not sold in ${region}` }
    : {
        code: 'out-of-stock',
        productId,
        wanted,
        onHand,
        message: `${region} has ${onHand.toLocaleString('en')} of product ${productId} on hand, and ${wanted.toLocaleString('en')} ${wanted === 1 ? 'is' : 'are'} wanted`,
      };
}

/** An order that goes in: nothing is left open but what it is called. */
type Draft = Omit<Order, 'id' | 'unitPrice' | 'toString'> & { readonly unitPrice: string };

/** Gives each its id; by product. */
async function insertOrders(
  database: Database,
  em: EntityManager,
  drafts: readonly Draft[],
): Promise<(Draft & { readonly id: number })[]> {
  const orders = await insertWithNextKeys(database, em, Order, drafts);
  return orders.sort((a, b) => a.productId - b.productId);
}
