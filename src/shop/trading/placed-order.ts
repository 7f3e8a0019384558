/** The outcome and the events of an order. */
import { MeridianError } from '../../index.ts';
import type { NewEvent } from '../../replication/index.ts';
import { fromCents, toCents } from '../../types.ts';
import { orderDocument } from '../documents/model/order-document.ts';
import type { Order, OrderStatus } from '../orders/order.entity.ts';
import type { Repeatable } from './checkout.ts';
import { checkoutEvent } from './events/checkout-event.ts';
import { unreadableReason } from './events/content.ts';
import { orderEvent } from './events/order-event.ts';
import { stockEvent } from './events/stock-event.ts';
import type { CheckedRequest } from './order-request.ts';
import type { Stock } from './stock.entity.ts';
import type { Shortage } from './take-stock.ts';

/** An order line of a request; there is one per product. */
interface OrderLine {
  readonly id: number;
  readonly productId: number;
  /** The name in the region at that moment. */
  readonly name: string | null;
  readonly quantity: number;
  /** The unit price at that moment, as decimal text. */
  readonly unitPrice: string;
}

export interface PlacedOrder {
  readonly result: 'placed';
  readonly key: string;
  readonly userId: number;
  /** `pending` if the user or a product could not be checked. */
  readonly status: Extract<OrderStatus, 'confirmed' | 'pending'>;
  readonly placedAt: string;
  readonly country: string | null;
  readonly orders: readonly OrderLine[];
  /** Decimal text. */
  readonly total: string;
}

export type RefusalReason =
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

export interface RefusedOrder {
  readonly result: 'refused';
  readonly key: string;
  readonly reasons: readonly RefusalReason[];
}

export type OrderOutcome = (PlacedOrder | RefusedOrder) & Repeatable;

/** An order to insert, complete except for its id. */
export type Draft = Omit<Order, 'id' | 'unitPrice' | 'toString'> & { readonly unitPrice: string };

/** @param stock the remaining stock of each product of the request */
export function draftsOf(
  { userId, country, lines, claim }: CheckedRequest,
  status: PlacedOrder['status'],
  at: string,
  stock: readonly Stock[],
): Draft[] {
  return lines.map(({ productId, quantity }, index) => ({
    userId,
    productId,
    quantity,
    unitPrice: stock[index]?.unitPrice ?? '0.00',
    placedAt: at,
    country,
    status,
    checkoutId: claim.key,
    version: 1,
  }));
}

/** @param orders sorted by product, like the request and the stock */
export function placedOrder(
  { userId, country, claim }: CheckedRequest,
  status: PlacedOrder['status'],
  at: string,
  orders: readonly (Draft & { readonly id: number })[],
  stock: readonly Stock[],
): PlacedOrder {
  const total = orders.reduce(
    (sum, { unitPrice, quantity }) => sum + (toCents(unitPrice) ?? 0n) * BigInt(quantity),
    0n,
  );
  return {
    result: 'placed',
    key: claim.key,
    userId,
    status,
    placedAt: at,
    country,
    orders: orders.map(({ id, productId, quantity, unitPrice }, index) => ({
      id,
      productId,
      name: stock[index]?.name ?? null,
      quantity,
      unitPrice,
    })),
    total: fromCents(total),
  };
}

/** The events of the orders, of the stock that they took, and of the document. */
export function placedEvents(
  region: string,
  placed: PlacedOrder,
  orders: readonly (Draft & { readonly id: number })[],
  stock: readonly Stock[],
  details: CheckedRequest['details'],
): NewEvent[] {
  const at = placed.placedAt;
  return [
    ...orders.map((order) => orderEvent(order, 'placed', at)),
    ...stock.map((row) => stockEvent(row, 'sold', at)),
    checkoutEvent(orderDocument(region, placed, details), 'placed', at),
  ];
}

/** @throws MeridianError `database` if central could not read the events */
export function refuseUnreadable(region: string, events: readonly NewEvent[]): void {
  const reason = unreadableReason(events);
  if (reason !== undefined) {
    throw new MeridianError(
      'database',
      `${region} cannot place this order, for central could not read it: ${reason}. Correct the product in the region's table stock; nothing was taken.`,
    );
  }
}

export function refusedOrder(key: string, reasons: readonly RefusalReason[]): RefusedOrder {
  return { result: 'refused', key, reasons };
}

export function reasonOf(region: string, { productId, quantity: wanted, onHand }: Shortage): RefusalReason {
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
