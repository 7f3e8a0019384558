/** How new the documents of a region are, in a document store that is a table. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

@Entity({ tableName: 'document_watermarks' })
export class StoredWatermark {
  @PrimaryKey({ type: 'text' })
  region!: string;

  @Property({ type: 'integer' })
  epoch!: number;

  /** The sequence number of the event that the newest of them comes from; 0 when only the epoch is known. */
  @Property({ type: 'integer' })
  seq!: number;

  @Property({ type: 'text', nullable: true })
  eventId!: string | null;
}
