/** Events of a test's own, as they come to central. */
import type { Batch, ShippedEvent } from '../../src/replication/transport/transport.ts';
import type { Order } from '../../src/shop/orders/order.entity.ts';
import { checkoutEvent } from '../../src/shop/trading/events/checkout-event.ts';
import { orderEvent } from '../../src/shop/trading/events/order-event.ts';
import { regionEvent } from '../../src/shop/trading/events/region-event.ts';
import { stockEvent } from '../../src/shop/trading/events/stock-event.ts';
import type { Stock } from '../../src/shop/trading/stock.entity.ts';
import { type DocumentParts, documentOf } from './documents.ts';
import { OCCURRED_AT } from './occurred.ts';

/** An event about the order whose id is the sequence number, unless another one is given. */
export function orderAt(
  seq: number,
  order: Partial<Order> = {},
  envelope: Partial<ShippedEvent> = {},
  payload: object = {},
): ShippedEvent {
  const { run, ...event } = orderEvent(
    { id: seq, userId: 1, productId: 2, quantity: 3, unitPrice: '2.50', status: 'confirmed', version: 1, ...order },
    'placed',
    OCCURRED_AT,
  );
  return {
    ...event,
    seq,
    ...envelope,
    payload: envelope.payload ?? JSON.stringify({ ...JSON.parse(event.payload), ...payload }),
  };
}

/** An event about the stock of product 7. */
export function stockAt(seq: number, stock: Partial<Stock> = {}, payload: object = {}): ShippedEvent {
  const { run, ...event } = stockEvent(
    { productId: 7, name: 'Mug', unitPrice: '9.99', onHand: 10, version: 1, ...stock },
    'received',
    OCCURRED_AT,
  );
  return { ...event, seq, payload: JSON.stringify({ ...JSON.parse(event.payload), ...payload }) };
}

/** The document of a checkout that consists of one order, whose id is the sequence number. */
export function checkoutAt(
  seq: number,
  parts: DocumentParts = {},
  envelope: Partial<ShippedEvent> = {},
  payload: object = {},
): ShippedEvent {
  const { run, ...event } = checkoutEvent(documentOf({ orderId: seq, ...parts }).document, 'placed', OCCURRED_AT);
  return {
    ...event,
    seq,
    ...envelope,
    payload: JSON.stringify({ ...JSON.parse(event.payload), ...payload }),
  };
}

/** The event that a snapshot of an epoch is complete. */
export function completedAt(seq: number, epoch: number): ShippedEvent {
  const { run, ...event } = regionEvent('snapshot-completed', { epoch }, OCCURRED_AT);
  return { ...event, seq };
}

/** A batch of epoch 1 of boston, with the newest sequence number of the region, unless given otherwise. */
export function batchOf(events: readonly ShippedEvent[], rest: Partial<Batch> = {}): Batch {
  return { region: 'boston', epoch: 1, headSeq: Math.max(...events.map(({ seq }) => seq)), events, ...rest };
}
