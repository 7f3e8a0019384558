/** The stored outcome of an order, a delivery, a cancellation or a settlement, which a repeated key returns again. */
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

  /** A description of the request, by which a reuse of the key for another request is detected. */
  @Property({ type: 'text' })
  request!: string;

  /** The outcome, and the orders that have put back their pieces, as JSON. */
  @Property({ type: 'text' })
  outcome!: string;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType })
  placedAt!: string;

  /** The free-form details of an order, as JSON. */
  @Property({ type: 'text', nullable: true })
  details!: string | null;
}
