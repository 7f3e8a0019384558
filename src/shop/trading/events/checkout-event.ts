/** The event of a checkout. Its payload is the document for the document store, with the limits of documents. */
import {
  type EventBody,
  type EventContract,
  type NewEvent,
  newEvent,
  readPayload,
  readVersion,
  UnreadableError,
} from '../../../replication/index.ts';
import { DetailsError, parseExact } from '../../documents/model/details.ts';
import {
  DocumentError,
  documentKey,
  type OrderDocument,
  readOrderDocument,
} from '../../documents/model/order-document.ts';

/** The event types of a checkout, which never changes after it was placed. */
export type CheckoutChange = 'placed' | 'resent';

export const checkoutContract: EventContract<{ readonly kind: 'checkout'; readonly document: OrderDocument }> = {
  aggregate: 'checkout',
  schemaVersion: 1,
  decode: (event) => ({ kind: 'checkout', document: readCheckout(event) }),
};

export function checkoutEvent(document: OrderDocument, type: CheckoutChange, occurredAt: string): NewEvent {
  return newEvent(checkoutContract, { id: documentKey(document), version: 1, type, occurredAt }, document);
}

function readCheckout(event: EventBody): OrderDocument {
  const document = documentOf(event);
  const orderId = documentKey(document);
  if (orderId !== event.aggregateId) {
    throw new UnreadableError(
      `the payload is about the checkout of order ${orderId}, the event about ${event.aggregateId}`,
    );
  }
  readVersion(event);
  return document;
}

function isEmpty(details: unknown): boolean {
  return details === undefined || JSON.stringify(details) === '{}';
}

function documentOf(event: EventBody): OrderDocument {
  try {
    const payload = readPayload(event);
    // details may contain numbers that JSON.parse would round
    return readOrderDocument(isEmpty(payload['details']) ? payload : (parseExact(event.payload) as typeof payload));
  } catch (error) {
    const isAboutPayload = error instanceof DocumentError || error instanceof DetailsError;
    throw isAboutPayload ? new UnreadableError(error.message, { cause: error }) : error;
  }
}
