/** What an outbox event tells of an order, of stock or of a checkout: all of it as it is after the change, never a difference. */
import { documentKey, type OrderDocument } from '../document-model/order-document.ts';
import { newId } from './ids.ts';
import type { Order } from './order.entity.ts';
import type { OutboxEvent } from './outbox-event.entity.ts';
import type { Stock } from './stock.entity.ts';

/** Grows when a payload is no longer what a reader of the one before could understand. */
export const SCHEMA_VERSION = 1;

export type OrderChange = 'placed' | 'loaded' | 'confirmed' | 'cancelled' | 'resent';
/** A checkout does not change: its document tells how it was placed. */
export type CheckoutChange = 'placed' | 'resent';
export type StockChange = 'received' | 'sold' | 'returned' | 'resent';

/** `snapshot-completed`: everything has come again, so what central has of earlier epochs is no longer there. */
export type RegionChange = 'snapshot-completed';

export interface SnapshotPayload {
  /** The epoch in which it began. */
  readonly epoch: number;
}

/** An event that is still to be written: its place is not known yet. */
export type NewEvent = Omit<OutboxEvent, 'id' | 'epoch' | 'seq'>;

/** Money as decimal text, time as ISO 8601 in UTC. */
export type OrderPayload = Pick<Order, 'id' | 'userId' | 'productId' | 'quantity' | 'status'> &
  Record<'unitPrice' | 'placedAt' | 'country' | 'checkoutId', string | null>;

export type StockPayload = Pick<Stock, 'productId' | 'name' | 'unitPrice' | 'onHand'>;

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
  return newEvent('order', id, version, type, payload, occurredAt, run);
}

export function stockEvent(stock: Readonly<Stock>, type: StockChange, occurredAt: string): NewEvent {
  const { productId, name, unitPrice, onHand, version } = stock;
  const payload: StockPayload = { productId, name, unitPrice, onHand };
  return newEvent('stock', productId, version, type, payload, occurredAt, null);
}

/** The document of a checkout, which central passes on to the document store. */
export function checkoutEvent(document: OrderDocument, type: CheckoutChange, occurredAt: string): NewEvent {
  return newEvent('checkout', documentKey(document), 1, type, document, occurredAt, null);
}

/** What is to be said of all that a region holds. */
export function regionEvent(type: RegionChange, payload: SnapshotPayload, occurredAt: string): NewEvent {
  return newEvent('region', payload.epoch, 1, type, payload, occurredAt, null);
}

function newEvent(
  aggregate: string,
  aggregateId: number,
  aggregateVersion: number,
  type: string,
  payload: object,
  occurredAt: string,
  run: string | null,
): NewEvent {
  return {
    eventId: newId(),
    type,
    schemaVersion: SCHEMA_VERSION,
    aggregate,
    aggregateId,
    aggregateVersion,
    payload: JSON.stringify(payload),
    occurredAt,
    run,
  };
}
