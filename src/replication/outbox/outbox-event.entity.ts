/** A change event, written in the transaction of the change and published to central. */
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

  /** The epoch, which the relay assigns together with `seq`. */
  @Property({ type: 'integer', nullable: true })
  epoch!: number | null;

  /** The gapless sequence number in the epoch; `null` until a relay assigns it to the committed event. */
  @Property({ type: 'integer', nullable: true })
  seq!: number | null;

  /** The event type, such as `placed` or `cancelled`. */
  @Property({ type: 'text' })
  type!: string;

  @Property({ type: 'integer' })
  schemaVersion!: number;

  /** The aggregate that has changed, such as `order`. */
  @Property({ type: 'text' })
  aggregate!: string;

  @Property({ type: 'integer' })
  aggregateId!: number;

  @Property({ type: 'integer' })
  aggregateVersion!: number;

  /** The complete aggregate after the change, as JSON. */
  @Property({ type: 'text' })
  payload!: string;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType })
  occurredAt!: string;

  /** The load that wrote the event, which is withheld until the references of the load are checked. */
  @Property({ type: 'text', nullable: true })
  run!: string | null;

  /** The span in which the change was made, as W3C Trace Context writes it; `null` where none was recorded. */
  @Property({ type: 'text', nullable: true })
  traceparent!: string | null;
}
