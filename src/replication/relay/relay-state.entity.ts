/** The shipping state of a region's outbox, and the relay that holds the lease, in a single row. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../shared/time/instant.type.ts';

/** The primary key of the single row, which the migration inserts. */
export const RELAY_STATE_ID = 1;

@Entity({ tableName: 'relay_state' })
export class RelayState {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  /** Incremented when events are sent again that replace those of this region in central. */
  @Property({ type: 'integer' })
  epoch!: number;

  /** The sequence number of the next event. */
  @Property({ type: 'integer' })
  nextSeq!: number;

  /** All events of the epoch up to this one have arrived. */
  @Property({ type: 'integer' })
  ackedSeq!: number;

  /** The fencing token: a random number, new for every relay that takes over. A relay with another token must not write. */
  @Property({ type: 'integer', fieldName: 'fence' })
  fencingToken!: number;

  @Property({ type: InstantType, nullable: true })
  leaseUntil!: string | null;

  @Property({ type: 'boolean' })
  paused!: boolean;

  /** Consecutive failures. */
  @Property({ type: 'integer' })
  attempts!: number;

  @Property({ type: InstantType, nullable: true })
  nextAttemptAt!: string | null;

  @Property({ type: 'text', nullable: true })
  lastError!: string | null;

  /** The progress of the current snapshot, as JSON; `null` if there is none. */
  @Property({ type: 'text', nullable: true })
  snapshot!: string | null;

  /** The base of the epoch, as JSON; `null` when it repeats everything. */
  @Property({ type: 'text', nullable: true })
  base!: string | null;
}
