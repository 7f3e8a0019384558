/** The newest state of one product's stock in one region that central has heard of. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsInt, IsNotEmpty, IsOptional, IsPositive, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsAmount, IsNotNegativeAmount, MaxAmount } from '../money/amount.rules.ts';
import { AmountType } from '../money/amount.type.ts';

@Entity({ tableName: 'stock_fact' })
export class StockFact {
  @PrimaryKey({ type: 'text' })
  region!: string;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsInt({ message: 'Product id must be a whole number' })
  @IsPositive({ message: 'Product id must be positive' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `Product id can be at most ${Number.MAX_SAFE_INTEGER}` })
  productId!: number;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  @IsInt({ message: 'Version must be a whole number' })
  @IsPositive({ message: 'Version must be positive' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `Version can be at most ${Number.MAX_SAFE_INTEGER}` })
  version!: number;

  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsString({ message: 'Name must be text' })
  @MaxLength(100, { message: 'Name can have at most 100 characters' })
  name!: string | null;

  @Property({ type: AmountType, fieldName: 'unit_price_cents' })
  @IsNotEmpty({ message: 'Unit price cannot be empty' })
  @IsAmount({ message: 'Unit price must be a decimal number with at most two decimals' })
  @IsNotNegativeAmount({ message: 'Unit price cannot be negative' })
  @MaxAmount('9999999999.99', { message: 'Unit price can be at most 9,999,999,999.99' })
  unitPrice!: string;

  @Property({ type: 'integer' })
  @IsInt({ message: 'On hand must be a whole number' })
  @Min(0, { message: 'On hand cannot be negative' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `On hand can be at most ${Number.MAX_SAFE_INTEGER}` })
  onHand!: number;
}
