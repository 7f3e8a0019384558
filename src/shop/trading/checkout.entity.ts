/** The outcome of an order, a delivery, a cancellation or a settlement, so that the same key again gives the same outcome. */
import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsNotEmpty } from 'class-validator';
import { InstantType } from '../../types.ts';
import { IsShortText } from '../rules.ts';

/** A request that has a key, and its outcome. */
@Entity({ tableName: 'checkouts' })
export class Checkout {
  declare readonly [EntityName]?: 'Checkout';

  /** The key. */
  @PrimaryKey({ type: 'text' })
  @IsNotEmpty({ message: 'Key cannot be empty' })
  @IsShortText('Key')
  id!: string;

  /** What was asked for, in words, so that the same key for another request is detected. */
  @Property({ type: 'text' })
  request!: string;

  /** The answer, and which of its orders have put back what they took, as JSON. */
  @Property({ type: 'text' })
  outcome!: string;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType })
  placedAt!: string;

  /** The free-form details that an order was given, as JSON. */
  @Property({ type: 'text', nullable: true })
  details!: string | null;
}
