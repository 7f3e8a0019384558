/** How far a region's outbox has been shipped, and who ships it: one row. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../shared/time/instant.type.ts';

/** The primary key of the one row, which the migration writes. */
export const RELAY_STATE_ID = 1;

@Entity({ tableName: 'relay_state' })
export class RelayState {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  /** Begins anew when what central has of this region is to be replaced. */
  @Property({ type: 'integer' })
  epoch!: number;

  /** The place that the next event gets. */
  @Property({ type: 'integer' })
  nextSeq!: number;

  /** All events of the epoch up to this one have arrived. */
  @Property({ type: 'integer' })
  ackedSeq!: number;

  /** The fencing token, a random number: new with every relay that takes over; one that holds another may write no more. */
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

  /** How far everything has been written into the outbox again, as JSON; `null` when that is not under way. */
  @Property({ type: 'text', nullable: true })
  snapshot!: string | null;

  /** What the epoch builds on, as JSON; `null` when it repeats everything. */
  @Property({ type: 'text', nullable: true })
  base!: string | null;
}
