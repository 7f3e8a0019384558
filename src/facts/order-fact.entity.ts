/** The newest state of one order line of one region that central has heard of. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsIn, IsInt, IsOptional, IsPositive, IsString, Max, MaxLength } from 'class-validator';
import { IsAmount, IsNotNegativeAmount, MaxAmount } from '../money/amount.rules.ts';
import { AmountType } from '../money/amount.type.ts';
import { IsInstant } from '../time/instant.rules.ts';
import { InstantType } from '../time/instant.type.ts';

/** The version of events that facts are made of. */
export const FACT_SCHEMA_VERSION = 1;

/** What an event may say; only confirmed orders are sales. */
export const FACT_STATUSES = ['confirmed', 'pending', 'cancelled'] as const;

@Entity({ tableName: 'order_fact' })
export class OrderFact {
  @PrimaryKey({ type: 'text' })
  region!: string;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsInt({ message: 'Order id must be a whole number' })
  @IsPositive({ message: 'Order id must be positive' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `Order id can be at most ${Number.MAX_SAFE_INTEGER}` })
  orderId!: number;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  @IsInt({ message: 'Version must be a whole number' })
  @IsPositive({ message: 'Version must be positive' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `Version can be at most ${Number.MAX_SAFE_INTEGER}` })
  version!: number;

  @Property({ type: 'integer' })
  @IsInt({ message: 'User id must be a whole number' })
  @IsPositive({ message: 'User id must be positive' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `User id can be at most ${Number.MAX_SAFE_INTEGER}` })
  userId!: number;

  @Property({ type: 'integer' })
  @IsInt({ message: 'Product id must be a whole number' })
  @IsPositive({ message: 'Product id must be positive' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `Product id can be at most ${Number.MAX_SAFE_INTEGER}` })
  productId!: number;

  @Property({ type: 'integer' })
  @IsInt({ message: 'Quantity must be a whole number' })
  @IsPositive({ message: 'Quantity must be positive' })
  @Max(1_000_000_000, { message: 'Quantity can be at most 1,000,000,000' })
  quantity!: number;

  @Property({ type: AmountType, fieldName: 'unit_price_cents', nullable: true })
  @IsOptional()
  @IsAmount({ message: 'Unit price must be a decimal number with at most two decimals' })
  @IsNotNegativeAmount({ message: 'Unit price cannot be negative' })
  @MaxAmount('9999999999.99', { message: 'Unit price can be at most 9,999,999,999.99' })
  unitPrice!: string | null;

  @Property({ type: InstantType, nullable: true })
  @IsOptional()
  @IsInstant({ message: 'Placed at must be an ISO 8601 date and time with a zone' })
  placedAt!: string | null;

  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsString({ message: 'Country must be text' })
  @MaxLength(100, { message: 'Country can have at most 100 characters' })
  country!: string | null;

  @Property({ type: 'text' })
  @IsIn(FACT_STATUSES, { message: `Status must be one of ${FACT_STATUSES.join(', ')}` })
  status!: (typeof FACT_STATUSES)[number];

  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsString({ message: 'Checkout id must be text' })
  @MaxLength(100, { message: 'Checkout id can have at most 100 characters' })
  checkoutId!: string | null;
}
