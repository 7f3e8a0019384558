/** An event that central could not apply. Until it is resolved, the figures of its region are incomplete. */
import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../shared/time/instant.type.ts';

/** An event that central could not apply. Those with `parkedAt` are not retried any more. */
@Entity({ tableName: 'dead_letter' })
@Unique({ name: 'dead_letter_event_unique', properties: ['region', 'epoch', 'seq', 'eventId'] })
export class DeadLetter {
  declare readonly [EntityName]?: 'DeadLetter';

  @PrimaryKey({ type: 'integer', autoincrement: true })
  id!: number;

  @Property({ type: 'text' })
  region!: string;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  seq!: number;

  @Property({ type: 'text' })
  eventId!: string;

  /** The received event, as JSON. */
  @Property({ type: 'text' })
  event!: string;

  @Property({ type: 'text' })
  error!: string;

  @Property({ type: 'integer' })
  attempts!: number;

  /** When the event was dead-lettered; `null` while it is still retried. ISO 8601, UTC. */
  @Property({ type: InstantType, nullable: true })
  parkedAt!: string | null;
}
