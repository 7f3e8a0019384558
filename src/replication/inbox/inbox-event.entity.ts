/** An event that central has processed, stored to detect duplicates. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

@Entity({ tableName: 'inbox_event' })
export class InboxEvent {
  @PrimaryKey({ type: 'text' })
  region!: string;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  epoch!: number;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  seq!: number;

  @Property({ type: 'text' })
  eventId!: string;
}
