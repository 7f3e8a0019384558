/** A document that waits in central for the document store. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** Instead of the id of an order: documents of earlier epochs of the region are to be removed from the document store. */
export const FORGET_EARLIER = 0;

@Entity({ tableName: 'document_queue' })
export class QueuedDocument {
  @PrimaryKey({ type: 'text' })
  region!: string;

  /** The smallest id of the orders of the checkout, or {@link FORGET_EARLIER}. */
  @PrimaryKey({ type: 'integer', autoincrement: false })
  orderId!: number;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  version!: number;

  /** The sequence number of the event that it came with; `null` from before that was kept. */
  @Property({ type: 'integer', nullable: true })
  seq!: number | null;

  @Property({ type: 'text', nullable: true })
  eventId!: string | null;

  /** The document, as JSON. */
  @Property({ type: 'text' })
  payload!: string;

  /** Why the document store does not take it; `null` while there is no reason. */
  @Property({ type: 'text', nullable: true })
  error!: string | null;
}
