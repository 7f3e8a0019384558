/** What an event says, whatever it is about: read by central, and by a region before it accepts what would become of a request. */
import { type EventBody, SCHEMA_VERSION, UnreadableError } from '../../../replication/events/event.ts';
import type { OrderDocument } from '../../documents/model/order-document.ts';
import type { Stock } from '../stock.entity.ts';
import { readCheckout } from './checkout-event.ts';
import { type PublishedOrder, readOrder } from './order-event.ts';
import { readSnapshot } from './region-event.ts';
import { readStock } from './stock-event.ts';

export type EventContent =
  | { readonly kind: 'order'; readonly order: PublishedOrder }
  | { readonly kind: 'stock'; readonly stock: Stock }
  | { readonly kind: 'checkout'; readonly document: OrderDocument }
  /** Everything has come again since this epoch. */
  | { readonly kind: 'snapshot-completed'; readonly epoch: number };

/** @throws UnreadableError with the reason */
export function readContent(event: EventBody): EventContent {
  if (event.schemaVersion !== SCHEMA_VERSION) {
    throw new UnreadableError(
      `schema version ${event.schemaVersion} is not known here, only ${SCHEMA_VERSION} is. Bring central to the version of its regions, then retry`,
    );
  }
  switch (event.aggregate) {
    case 'order':
      return { kind: 'order', order: readOrder(event) };
    case 'stock':
      return { kind: 'stock', stock: readStock(event) };
    case 'checkout':
      return { kind: 'checkout', document: readCheckout(event) };
    case 'region':
      return { kind: 'snapshot-completed', ...readSnapshot(event) };
    default:
      throw new UnreadableError(`events about "${event.aggregate}" are not known here`);
  }
}

/** @returns why the first of the events that cannot be read cannot be; nothing when all can */
export function unreadableReason(events: readonly EventBody[]): string | undefined {
  for (const event of events) {
    try {
      readContent(event);
    } catch (error) {
      if (error instanceof UnreadableError) {
        return error.message;
      }
      throw error;
    }
  }
  return undefined;
}
