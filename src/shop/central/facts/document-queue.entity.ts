/** A queued document in central, for the document store. */
import { EntityName } from '@mikro-orm/core';
import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { RegionRecord } from '../../columns.ts';

/** An `orderId` that marks a queued deletion: documents of earlier epochs of the region are to be deleted from the document store. */
export const FORGET_EARLIER = 0;

@Entity({ tableName: 'document_queue' })
export class QueuedDocument extends RegionRecord {
  declare readonly [EntityName]?: 'QueuedDocument';

  /** The sequence number of its event; `null` in rows from before the column existed. */
  @Property({ type: 'integer', nullable: true })
  seq!: number | null;

  @Property({ type: 'text', nullable: true })
  eventId!: string | null;

  /** The document, as JSON. */
  @Property({ type: 'text' })
  payload!: string;

  /** Why the document store has refused the document; `null` if it has not. */
  @Property({ type: 'text', nullable: true })
  error!: string | null;
}
