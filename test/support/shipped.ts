/** Events as they come to central, thought up by a test. */
import type { Batch, ShippedEvent } from '../../src/replication/transport/transport.ts';
import type { Order } from '../../src/shop/orders/order.entity.ts';
import { checkoutEvent } from '../../src/shop/trading/events/checkout-event.ts';
import { orderEvent } from '../../src/shop/trading/events/order-event.ts';
import { regionEvent } from '../../src/shop/trading/events/region-event.ts';
import { stockEvent } from '../../src/shop/trading/events/stock-event.ts';
import type { Stock } from '../../src/shop/trading/stock.entity.ts';
import { type DocumentParts, documentOf } from './documents.ts';

const OCCURRED_AT = '2026-11-21T12:00:00.000Z';

/** An event about the order with the id of its place, unless another one is said. */
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

/** The document of a checkout that consists of the order with the id of its place. */
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

/** Tells that everything has come again since an epoch. */
export function completedAt(seq: number, epoch: number): ShippedEvent {
  const { run, ...event } = regionEvent('snapshot-completed', { epoch }, OCCURRED_AT);
  return { ...event, seq };
}

/** Of epoch 1 of boston, which has given no further places, unless said otherwise. */
export function batchOf(events: readonly ShippedEvent[], rest: Partial<Batch> = {}): Batch {
  return { region: 'boston', epoch: 1, headSeq: Math.max(...events.map(({ seq }) => seq)), events, ...rest };
}
