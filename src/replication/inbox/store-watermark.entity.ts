/** The newest document of a region in the document store, as the store last reported it. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

@Entity({ tableName: 'store_watermark' })
export class StoreWatermark {
  @PrimaryKey({ type: 'text' })
  region!: string;

  @Property({ type: 'integer' })
  epoch!: number;

  /** The sequence number of the event that produced its newest document; 0 when only the epoch is known. */
  @Property({ type: 'integer' })
  seq!: number;

  @Property({ type: 'text', nullable: true })
  eventId!: string | null;

  /** Whether central has another event with that sequence number, or another checkout's document under a key of the store. */
  @Property({ type: 'boolean' })
  isForeign!: boolean;
}
