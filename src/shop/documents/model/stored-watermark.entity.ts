/** The watermark of a region, in a document store in tables. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

@Entity({ tableName: 'document_watermarks' })
export class StoredWatermark {
  @PrimaryKey({ type: 'text' })
  region!: string;

  @Property({ type: 'integer' })
  epoch!: number;

  /** The sequence number of the event of the newest document; 0 if only the epoch is known. */
  @Property({ type: 'integer' })
  seq!: number;

  @Property({ type: 'text', nullable: true })
  eventId!: string | null;
}
