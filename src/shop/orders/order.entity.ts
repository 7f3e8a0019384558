/** An order line. Its user and product are in other databases, so their ids cannot be foreign keys. */
import { EntityName } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsIn, IsOptional } from 'class-validator';
import { InstantType, IsInstant } from '../../types.ts';
import { UNIT_PRICE_COLUMN } from '../columns.ts';
import { IsIdentifier, IsQuantity, IsShortText, IsUnitPrice } from '../rules.ts';

/**
 * - `confirmed`: its user and product are known to exist
 * - `pending`: one of them could not be checked when the order was placed
 * - `cancelled`: the pieces that it had taken from stock were put back
 */
export const ORDER_STATUSES = ['confirmed', 'pending', 'cancelled'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** An order of one product. */
@Entity({ tableName: 'orders' })
@Index({ name: 'orders_pending_index', properties: ['id'], where: { status: 'pending' } })
export class Order {
  declare readonly [EntityName]?: 'Order';

  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsIdentifier('Id')
  id!: number;

  @Property({ type: 'integer' })
  @Index()
  @IsIdentifier('User id')
  userId!: number;

  @Property({ type: 'integer' })
  @Index()
  @IsIdentifier('Product id')
  productId!: number;

  @Property({ type: 'integer' })
  @IsQuantity()
  quantity!: number;

  /** The unit price at the time of the order. */
  @Property({ ...UNIT_PRICE_COLUMN, nullable: true })
  @IsOptional()
  @IsUnitPrice()
  unitPrice: string | null | undefined;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType, nullable: true })
  @IsOptional()
  @IsInstant('Placed at')
  placedAt: string | null | undefined;

  /** The country of the sale. */
  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsShortText('Country')
  country: string | null | undefined;

  @Property({ type: 'text', default: 'confirmed' })
  @IsOptional()
  @IsIn(ORDER_STATUSES, { message: `Status must be one of ${ORDER_STATUSES.join(', ')}` })
  status: OrderStatus | undefined;

  /** The checkout, which is the same for all lines that were ordered together. */
  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsShortText('Checkout id')
  checkoutId: string | null | undefined;

  /** The version of the row; it is never read from files. */
  @Property({ type: 'integer', version: true, default: 1 })
  version: number | undefined;

  toString(): string {
    return `${this.quantity} of product ${this.productId} for user ${this.userId}`;
  }
}
