/** How far a region's outbox has been shipped, and which relay holds the lease: one row. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../shared/time/instant.type.ts';

/** The primary key of the one row, which the migration writes. */
export const RELAY_STATE_ID = 1;

@Entity({ tableName: 'relay_state' })
export class RelayState {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  /** Grows when events come again that replace what central has of this region. */
  @Property({ type: 'integer' })
  epoch!: number;

  /** The sequence number of the next event. */
  @Property({ type: 'integer' })
  nextSeq!: number;

  /** All events of the epoch up to this one have arrived. */
  @Property({ type: 'integer' })
  ackedSeq!: number;

  /** A random number, new with every relay that takes over. A relay that holds another one may not write any more. */
  @Property({ type: 'integer', fieldName: 'fence' })
  fencingToken!: number;

  @Property({ type: InstantType, nullable: true })
  leaseUntil!: string | null;

  @Property({ type: 'boolean' })
  paused!: boolean;

  /** Failures in a row. */
  @Property({ type: 'integer' })
  attempts!: number;

  @Property({ type: InstantType, nullable: true })
  nextAttemptAt!: string | null;

  @Property({ type: 'text', nullable: true })
  lastError!: string | null;

  /** The progress of the snapshot that is being written, as JSON; `null` when none is. */
  @Property({ type: 'text', nullable: true })
  snapshot!: string | null;

  /** What the epoch builds on, as JSON; `null` when it repeats everything. */
  @Property({ type: 'text', nullable: true })
  base!: string | null;
}
