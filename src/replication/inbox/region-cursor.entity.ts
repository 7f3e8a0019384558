/** The position of central with a region. */
import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../shared/time/instant.type.ts';

/** The position of central with a region. */
@Entity({ tableName: 'region_cursor' })
export class RegionCursor {
  declare readonly [EntityName]?: 'RegionCursor';

  @PrimaryKey({ type: 'text' })
  region!: string;

  @Property({ type: 'integer' })
  epoch!: number;

  /** All events of the epoch up to this one are processed. */
  @Property({ type: 'integer' })
  seq!: number;

  /** The highest sequence number that the region is known to have assigned in the epoch. */
  @Property({ type: 'integer' })
  headSeq!: number;

  /** The lowest sequence number of the epoch that two different events have: the region was restored, and has assigned it twice. */
  @Property({ type: 'integer', nullable: true })
  conflictSeq!: number | null;

  /** Whether central lacked events that the epoch builds on when it began the epoch. */
  @Property({ type: 'boolean', default: false })
  lacksBase!: boolean;

  /** When the newest applied event occurred in its region: ISO 8601, UTC. */
  @Property({ type: InstantType, nullable: true })
  occurredAt!: string | null;

  /** When the last batch of the region arrived: ISO 8601, UTC. */
  @Property({ type: InstantType })
  heardAt!: string;
}
