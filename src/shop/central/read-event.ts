/** What an event says, made into the fact or the document that it is about, if it can be read. */
import { UnreadableError } from '../../replication/events/event.ts';
import { envelopeProblem, standInProblem } from '../../replication/transport/envelope.ts';
import type { Batch, ShippedEvent } from '../../replication/transport/transport.ts';
import { type EventContent, readContent } from '../trading/events/content.ts';
import type { QueuedDocument } from './facts/document-queue.entity.ts';
import { OrderFact } from './facts/order-fact.entity.ts';
import { StockFact } from './facts/stock-fact.entity.ts';

export type Reading =
  | { readonly kind: 'order'; readonly fact: OrderFact }
  | { readonly kind: 'stock'; readonly fact: StockFact }
  | { readonly kind: 'checkout'; readonly document: QueuedDocument }
  /** Everything has come again since this epoch. */
  | { readonly kind: 'snapshot-completed'; readonly epoch: number }
  | { readonly kind: 'unreadable'; readonly error: string };

type Origin = Pick<Batch, 'region' | 'epoch'>;

/** Never throws for an event that cannot be read: what is wrong with it is for people. */
export function readEvent(origin: Origin, event: ShippedEvent): Reading {
  const problem = standInProblem(event);
  if (problem !== undefined) {
    return unreadable(problem);
  }
  try {
    const reading = readingOf(origin, event, readContent(event));
    const broken = envelopeProblem(event);
    return broken === undefined ? reading : unreadable(broken);
  } catch (error) {
    if (error instanceof UnreadableError) {
      return unreadable(error.message);
    }
    throw error;
  }
}

function readingOf(
  { region, epoch }: Origin,
  { aggregateId, aggregateVersion: version, seq, eventId }: ShippedEvent,
  content: EventContent,
): Reading {
  switch (content.kind) {
    case 'order': {
      const { id: orderId, ...order } = content.order;
      return { kind: 'order', fact: Object.assign(new OrderFact(), order, { region, epoch, orderId }) };
    }
    case 'stock':
      return { kind: 'stock', fact: Object.assign(new StockFact(), content.stock, { region, epoch }) };
    case 'checkout': {
      const { document } = content;
      return document.region === region
        ? {
            kind: 'checkout',
            document: {
              region,
              orderId: aggregateId,
              epoch,
              version,
              seq,
              eventId,
              payload: JSON.stringify(document),
              error: null,
            },
          }
        : unreadable(`the payload is about region ${document.region}, the event came from ${region}`);
    }
    case 'snapshot-completed':
      return content.epoch <= epoch
        ? content
        : unreadable(`a snapshot that began in epoch ${content.epoch} cannot be complete in epoch ${epoch}`);
  }
}

function unreadable(error: string): Reading {
  return { kind: 'unreadable', error };
}
