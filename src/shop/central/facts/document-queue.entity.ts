/** A document that waits in central for the document store. */
import { EntityName } from '@mikro-orm/core';
import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { RegionRecord } from '../../columns.ts';

/** As `orderId` of a queued document, instead of the id of an order: documents of earlier epochs of the region are to be removed from the document store. */
export const FORGET_EARLIER = 0;

@Entity({ tableName: 'document_queue' })
export class QueuedDocument extends RegionRecord {
  declare readonly [EntityName]?: 'QueuedDocument';

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
