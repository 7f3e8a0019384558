/** The projection of events in central: facts for reports, and queued documents for the document store. */
import type { Database, EntityManager, Row } from '../../databases.ts';
import { type Batch, Inbox, type Projection, type ShippedEvent, UnreadableError } from '../../replication/index.ts';
import { readContent } from '../trading/events/content.ts';
import { queueDocuments, queueForgetting } from './document-queue.ts';
import type { QueuedDocument } from './facts/document-queue.entity.ts';
import { OrderFact } from './facts/order-fact.entity.ts';
import { StockFact } from './facts/stock-fact.entity.ts';

export type ProjectedContent =
  | { readonly kind: 'order'; readonly fact: OrderFact }
  | { readonly kind: 'stock'; readonly fact: StockFact }
  | { readonly kind: 'checkout'; readonly document: QueuedDocument }
  /** The region has sent everything again in this epoch. */
  | { readonly kind: 'snapshot-completed'; readonly epoch: number };

/** The columns that determine which of two states is the newer one. */
const AGE = ['epoch', 'version'];

export const centralProjection: Projection<ProjectedContent> = { read, write };

function read({ region, epoch }: Pick<Batch, 'region' | 'epoch'>, event: ShippedEvent): ProjectedContent {
  const content = readContent(event);
  switch (content.kind) {
    case 'order': {
      const { id: orderId, ...order } = content.order;
      return { kind: 'order', fact: Object.assign(new OrderFact(), order, { region, epoch, orderId }) };
    }
    case 'stock':
      return { kind: 'stock', fact: Object.assign(new StockFact(), content.stock, { region, epoch }) };
    case 'checkout': {
      const { document } = content;
      if (document.region !== region) {
        throw new UnreadableError(`the payload is about region ${document.region}, the event came from ${region}`);
      }
      const { aggregateId: orderId, aggregateVersion: version, seq, eventId } = event;
      const payload = JSON.stringify(document);
      return { kind: 'checkout', document: { region, orderId, epoch, version, seq, eventId, payload, error: null } };
    }
    case 'snapshot-completed':
      if (content.epoch > epoch) {
        throw new UnreadableError(
          `a snapshot that began in epoch ${content.epoch} cannot be complete in epoch ${epoch}`,
        );
      }
      return content;
  }
}

async function write(
  central: Database,
  em: EntityManager,
  region: string,
  contents: readonly ProjectedContent[],
): Promise<void> {
  const orders = new Map<number, OrderFact>();
  const stock = new Map<number, StockFact>();
  const documents = new Map<number, QueuedDocument>();
  let completed = 0;
  for (const content of contents) {
    if (content.kind === 'order') {
      keepNewest(orders, content.fact.orderId, content.fact);
    } else if (content.kind === 'stock') {
      keepNewest(stock, content.fact.productId, content.fact);
    } else if (content.kind === 'checkout') {
      keepNewest(documents, content.document.orderId, content.document);
    } else {
      completed = Math.max(completed, content.epoch);
    }
  }
  await central.bulk(OrderFact).upsertNewer(em, rowsOf(orders), AGE);
  await central.bulk(StockFact).upsertNewer(em, rowsOf(stock), AGE);
  await queueDocuments(central, em, [...documents.values()]);
  if (completed > 0) {
    await em.nativeDelete(OrderFact, { region, epoch: { $lt: completed } });
    await em.nativeDelete(StockFact, { region, epoch: { $lt: completed } });
    await queueForgetting(central, em, region, completed);
    await Inbox.forgetEarlierEpochs(em, region, completed);
  }
}

/** Keeps only the newest state per row, since a statement can write each row only once. */
function keepNewest<T extends { readonly version: number }>(facts: Map<number, T>, key: number, fact: T): void {
  const other = facts.get(key);
  if (other === undefined || other.version < fact.version) {
    facts.set(key, fact);
  }
}

function rowsOf(facts: ReadonlyMap<number, object>): readonly Row[] {
  return [...facts.values()] as Row[];
}
