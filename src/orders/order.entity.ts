/** One order line. Its user and product live in other databases, so they are ids that no foreign key can hold. */
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsPositive, IsString, Max, MaxLength } from 'class-validator';
import { IsAmount, IsNotNegativeAmount, MaxAmount } from '../money/amount.rules.ts';
import { AmountType } from '../money/amount.type.ts';
import { IsInstant } from '../time/instant.rules.ts';
import { InstantType } from '../time/instant.type.ts';

/**
 * - `confirmed`: its user and product are known to exist
 * - `pending`: one of them could not be checked when it was placed
 * - `cancelled`: what it had taken from stock was put back
 */
export const ORDER_STATUSES = ['confirmed', 'pending', 'cancelled'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Pieces of one product. */
export const MAX_QUANTITY = 1_000_000_000;

@Entity({ tableName: 'orders' })
@Index({ name: 'orders_pending_index', properties: ['id'], where: { status: 'pending' } })
export class Order {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsNotEmpty({ message: 'Id cannot be empty' })
  @IsInt({ message: `Id must be a whole number up to ${Number.MAX_SAFE_INTEGER}` })
  @IsPositive({ message: 'Id must be positive' })
  id!: number;

  @Property({ type: 'integer' })
  @Index()
  @IsNotEmpty({ message: 'User id cannot be empty' })
  @IsInt({ message: `User id must be a whole number up to ${Number.MAX_SAFE_INTEGER}` })
  @IsPositive({ message: 'User id must be positive' })
  userId!: number;

  @Property({ type: 'integer' })
  @Index()
  @IsNotEmpty({ message: 'Product id cannot be empty' })
  @IsInt({ message: `Product id must be a whole number up to ${Number.MAX_SAFE_INTEGER}` })
  @IsPositive({ message: 'Product id must be positive' })
  productId!: number;

  @Property({ type: 'integer' })
  @IsNotEmpty({ message: 'Quantity cannot be empty' })
  @IsInt({ message: 'Quantity must be a whole number' })
  @IsPositive({ message: 'Quantity must be positive' })
  @Max(MAX_QUANTITY, { message: `Quantity can be at most ${MAX_QUANTITY.toLocaleString('en')}` })
  quantity!: number;

  /** What one piece cost when it was ordered, as decimal text with two places; the column `unit_price_cents` holds whole cents. */
  @Property({ type: AmountType, fieldName: 'unit_price_cents', nullable: true })
  @IsOptional()
  @IsAmount({ message: 'Unit price must be a decimal number with at most two decimals' })
  @IsNotNegativeAmount({ message: 'Unit price cannot be negative' })
  @MaxAmount('9999999999.99', { message: 'Unit price can be at most 9,999,999,999.99' })
  unitPrice: string | null | undefined;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType, nullable: true })
  @IsOptional()
  @IsInstant({ message: 'Placed at must be an ISO 8601 date and time with a zone' })
  placedAt: string | null | undefined;

  /** Where it was sold. */
  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsString({ message: 'Country must be text' })
  @MaxLength(100, { message: 'Country can have at most 100 characters' })
  country: string | null | undefined;

  @Property({ type: 'text', default: 'confirmed' })
  @IsOptional()
  @IsIn(ORDER_STATUSES, { message: `Status must be one of ${ORDER_STATUSES.join(', ')}` })
  status: OrderStatus | undefined;

  /** The same for all lines that were ordered together. */
  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsString({ message: 'Checkout id must be text' })
  @MaxLength(100, { message: 'Checkout id can have at most 100 characters' })
  checkoutId: string | null | undefined;

  /** How many states it has been in; never read from files. */
  @Property({ type: 'integer', version: true, default: 1 })
  version: number | undefined;

  toString(): string {
    return `${this.quantity} of product ${this.productId} for user ${this.userId}`;
  }
}
