/** The event of a checkout: its document, which central passes on to the document store. */
import {
  type EventBody,
  type NewEvent,
  newEvent,
  type Payload,
  readPayload,
  readVersion,
  UnreadableError,
} from '../../../replication/events/event.ts';
import { DetailsError, parseExact } from '../../documents/model/details.ts';
import {
  DocumentError,
  documentKey,
  type OrderDocument,
  readOrderDocument,
} from '../../documents/model/order-document.ts';

/** A checkout does not change: its document tells how it was placed. */
export type CheckoutChange = 'placed' | 'resent';

export function checkoutEvent(document: OrderDocument, type: CheckoutChange, occurredAt: string): NewEvent {
  return newEvent(
    { aggregate: 'checkout', aggregateId: documentKey(document), aggregateVersion: 1, type },
    document,
    occurredAt,
  );
}

/** @throws UnreadableError */
export function readCheckout(event: EventBody): OrderDocument {
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

function documentOf(event: EventBody): OrderDocument {
  try {
    const payload = readPayload(event);
    // details hold whatever numbers were ordered with
    return readOrderDocument(payload['details'] === undefined ? payload : (parseExact(event.payload) as Payload));
  } catch (error) {
    const isAboutPayload = error instanceof DocumentError || error instanceof DetailsError;
    throw isAboutPayload ? new UnreadableError(error.message, { cause: error }) : error;
  }
}
