/** The events of an order. Their payload is the complete order after the change, not a difference, with the rules of the entity. */
import {
  type EventBody,
  type EventContract,
  type NewEvent,
  newEvent,
  readPayload,
  readVersion,
  refuseBroken,
  refuseOther,
} from '../../../replication/index.ts';
import { canonicalInstant, compileRules } from '../../../types.ts';
import { Order } from '../../orders/order.entity.ts';

export type OrderChange = 'placed' | 'loaded' | 'confirmed' | 'cancelled' | 'resent';

/** The payload. Amounts are decimal text, times ISO 8601 in UTC. */
type OrderPayload = Pick<Order, 'id' | 'userId' | 'productId' | 'quantity' | 'status'> &
  Record<'unitPrice' | 'placedAt' | 'country' | 'checkoutId', string | null>;

/** A complete order, as in its events. */
export type PublishedOrder = OrderPayload & Required<Pick<Order, 'status' | 'version'>>;

export const orderContract: EventContract<{ readonly kind: 'order'; readonly order: PublishedOrder }> = {
  aggregate: 'order',
  schemaVersion: 1,
  decode: (event) => ({ kind: 'order', order: readOrder(event) }),
};

export function orderEvent(
  order: Readonly<Partial<Order>>,
  type: OrderChange,
  occurredAt: string,
  run: string | null = null,
): NewEvent {
  const { id = 0, userId = 0, productId = 0, quantity = 0, status = 'confirmed', version = 1 } = order;
  const { unitPrice = null, placedAt = null, country = null, checkoutId = null } = order;
  const payload: OrderPayload = {
    id,
    userId,
    productId,
    quantity,
    unitPrice,
    placedAt,
    country,
    status,
    checkoutId,
  };
  return newEvent(orderContract, { id, version, type, occurredAt, run }, payload);
}

const keepsRules = compileRules(Order);

function readOrder(event: EventBody): PublishedOrder {
  const payload = readPayload(event);
  const { id, userId, productId, quantity } = payload;
  refuseOther('order', id, event.aggregateId);
  const { unitPrice = null, country = null, checkoutId = null, placedAt = null } = payload;
  const order = Object.assign(new Order(), {
    id,
    userId,
    productId,
    quantity,
    unitPrice,
    placedAt: inOneSpelling(placedAt),
    country,
    // files may omit the status, but events must have it
    status: payload['status'] ?? '',
    checkoutId,
    version: readVersion(event),
  });
  return refuseBroken(order, keepsRules) as PublishedOrder;
}

/** The canonical form of a time. The rules reject invalid times. */
function inOneSpelling(value: unknown): unknown {
  return typeof value === 'string' ? (canonicalInstant(value) ?? value) : value;
}
