/** What an event says, made into the fact or the document that it is about, if it keeps the rules. */

import { DocumentError, documentKey, type OrderDocument, readOrderDocument } from '../document-model/order-document.ts';
import type { QueuedDocument } from '../facts/document-queue.entity.ts';
import { FACT_SCHEMA_VERSION, OrderFact } from '../facts/order-fact.entity.ts';
import { StockFact } from '../facts/stock-fact.entity.ts';
import { parseJson } from '../json/parse.ts';
import { compileRules, ruleErrors } from '../rules/rules.ts';
import { canonicalInstant } from '../time/instant.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';

export type Reading =
  | { readonly kind: 'order'; readonly fact: OrderFact }
  | { readonly kind: 'stock'; readonly fact: StockFact }
  | { readonly kind: 'checkout'; readonly document: QueuedDocument }
  /** Everything has come again since this epoch. */
  | { readonly kind: 'snapshot-completed'; readonly epoch: number }
  | { readonly kind: 'unreadable'; readonly error: string };

type Payload = Readonly<Record<string, unknown>>;

const keepsRules = { order: compileRules(OrderFact), stock: compileRules(StockFact) };

/** Never throws: what is wrong with an event is for people to read. */
export function readEvent({ region, epoch }: Pick<Batch, 'region' | 'epoch'>, event: ShippedEvent): Reading {
  if (event.schemaVersion !== FACT_SCHEMA_VERSION) {
    return unreadable(
      `schema version ${event.schemaVersion} is not known here, only ${FACT_SCHEMA_VERSION} is. Bring central to the version of its regions, then retry`,
    );
  }
  const payload = parse(event.payload);
  if (payload === undefined) {
    return unreadable('the payload is not a JSON object');
  }
  const { aggregateId, aggregateVersion: version } = event;
  switch (event.aggregate) {
    case 'order': {
      const { id, userId, productId, quantity, status } = payload;
      const { unitPrice = null, country = null, checkoutId = null } = payload;
      const placedAt = instantOf(payload['placedAt'] ?? null);
      const values = { userId, productId, quantity, unitPrice, placedAt, country, status, checkoutId };
      const fact = Object.assign(new OrderFact(), { region, epoch, version, orderId: id }, values);
      return id === aggregateId
        ? checked(fact, keepsRules.order, () => ({ kind: 'order', fact }))
        : unreadable(`the payload is about order ${told(id)}, the event about ${aggregateId}`);
    }
    case 'stock': {
      const { productId, name = null, unitPrice, onHand } = payload;
      const fact = Object.assign(new StockFact(), { region, epoch, version, productId, name, unitPrice, onHand });
      return productId === aggregateId
        ? checked(fact, keepsRules.stock, () => ({ kind: 'stock', fact }))
        : unreadable(`the payload is about product ${told(productId)}, the event about ${aggregateId}`);
    }
    case 'checkout':
      return readCheckout({ region, epoch }, event, payload);
    case 'region':
      return event.type === 'snapshot-completed' && Number.isSafeInteger(payload['epoch'])
        ? { kind: 'snapshot-completed', epoch: payload['epoch'] as number }
        : unreadable(`an event ${event.type} of a region is not known here`);
    default:
      return unreadable(`events about "${event.aggregate}" are not known here`);
  }
}

function readCheckout(
  { region, epoch }: Pick<Batch, 'region' | 'epoch'>,
  { aggregateId, aggregateVersion: version }: ShippedEvent,
  payload: Payload,
): Reading {
  let document: OrderDocument;
  try {
    document = readOrderDocument(payload);
  } catch (error) {
    if (error instanceof DocumentError) {
      return unreadable(error.message);
    }
    throw error;
  }
  const orderId = documentKey(document);
  if (orderId !== aggregateId) {
    return unreadable(`the payload is about the checkout of order ${orderId}, the event about ${aggregateId}`);
  }
  if (document.region !== region) {
    return unreadable(`the payload is about region ${document.region}, the event came from ${region}`);
  }
  return Number.isSafeInteger(version) && version > 0
    ? {
        kind: 'checkout',
        document: { region, orderId, epoch, version, payload: JSON.stringify(document), error: null },
      }
    : unreadable(`Version must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`);
}

function parse(text: string): Payload | undefined {
  try {
    const value: unknown = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : undefined;
  } catch {
    // what cannot be parsed is told as what it is: no JSON
    return undefined;
  }
}

/** In its one spelling, in which times are compared; what is no time is left for the rules to reject. */
function instantOf(value: unknown): unknown {
  return typeof value === 'string' ? (canonicalInstant(value) ?? value) : value;
}

const MAX_TOLD = 100;

/** Not `String`, which an object may have its own idea of. */
function told(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, MAX_TOLD);
}

function checked(fact: object, keeps: (fact: object) => boolean, read: () => Reading): Reading {
  const errors = keeps(fact) ? [] : ruleErrors(fact);
  return errors.length === 0 ? read() : unreadable(errors.map(({ message }) => message).join('; '));
}

function unreadable(error: string): Reading {
  return { kind: 'unreadable', error };
}
