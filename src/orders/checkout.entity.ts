/** What became of an order that was placed, so that asking again with the same key gives the same answer. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../time/instant.type.ts';

@Entity({ tableName: 'checkouts' })
export class Checkout {
  /** The key. */
  @PrimaryKey({ type: 'text' })
  id!: string;

  /** What was asked for, as JSON, so that the same key for something else is noticed. */
  @Property({ type: 'text' })
  request!: string;

  /** The answer, as JSON. */
  @Property({ type: 'text' })
  outcome!: string;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType })
  placedAt!: string;
}
