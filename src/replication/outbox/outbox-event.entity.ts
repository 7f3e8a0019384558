/** A change that is published to central, written in the transaction of the change. */
import { EntityName } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../shared/time/instant.type.ts';

/** A change event in an outbox, written in the transaction of its change. */
@Entity({ tableName: 'outbox_event' })
@Unique({ name: 'outbox_event_epoch_seq_unique', properties: ['epoch', 'seq'], where: { seq: { $ne: null } } })
@Index({ name: 'outbox_event_unstamped_index', properties: ['id'], where: { seq: null } })
@Index({ name: 'outbox_event_held_index', properties: ['aggregateId'], where: { seq: null, run: { $ne: null } } })
export class OutboxEvent {
  declare readonly [EntityName]?: 'OutboxEvent';

  @PrimaryKey({ type: 'integer', autoincrement: true })
  id!: number;

  @Property({ type: 'text' })
  @Unique()
  eventId!: string;

  /** The relay assigns it together with `seq`. */
  @Property({ type: 'integer', nullable: true })
  epoch!: number | null;

  /** The sequence number among the events of the epoch, without gaps; `null` until the relay finds the event committed. */
  @Property({ type: 'integer', nullable: true })
  seq!: number | null;

  /** What has happened, such as `placed` or `cancelled`. */
  @Property({ type: 'text' })
  type!: string;

  @Property({ type: 'integer' })
  schemaVersion!: number;

  /** The kind of thing that has changed, such as `order`. */
  @Property({ type: 'text' })
  aggregate!: string;

  @Property({ type: 'integer' })
  aggregateId!: number;

  @Property({ type: 'integer' })
  aggregateVersion!: number;

  /** The aggregate after the change, whole, as JSON. */
  @Property({ type: 'text' })
  payload!: string;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType })
  occurredAt!: string;

  /** The load that wrote it, and withholds it until its references are checked. */
  @Property({ type: 'text', nullable: true })
  run!: string | null;

  /** The span in which the change was made, as W3C Trace Context writes it; `null` where none was recorded. */
  @Property({ type: 'text', nullable: true })
  traceparent!: string | null;
}
