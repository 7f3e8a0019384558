/** What a region has of a product, and for how much it sells it. */
import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsInt, IsNotEmpty, IsOptional, IsPositive, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsAmount, IsNotNegativeAmount, MaxAmount } from '../money/amount.rules.ts';
import { AmountType } from '../money/amount.type.ts';

@Entity({ tableName: 'stock' })
@Check({ name: 'stock_on_hand_check', expression: 'on_hand >= 0' })
export class Stock {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsInt({ message: `Product id must be a whole number up to ${Number.MAX_SAFE_INTEGER}` })
  @IsPositive({ message: 'Product id must be positive' })
  productId!: number;

  /** As the products database had it; `null` when it could not be asked. */
  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsString({ message: 'Name must be text' })
  @MaxLength(100, { message: 'Name can have at most 100 characters' })
  name!: string | null;

  /** Decimal text with two places; the column `unit_price_cents` holds whole cents. */
  @Property({ type: AmountType, fieldName: 'unit_price_cents' })
  @IsNotEmpty({ message: 'Unit price cannot be empty' })
  @IsAmount({ message: 'Unit price must be a decimal number with at most two decimals' })
  @IsNotNegativeAmount({ message: 'Unit price cannot be negative' })
  @MaxAmount('9999999999.99', { message: 'Unit price can be at most 9,999,999,999.99' })
  unitPrice!: string;

  /** Pieces. */
  @Property({ type: 'integer' })
  @IsInt({ message: 'On hand must be a whole number' })
  @Min(0, { message: 'On hand cannot be negative' })
  @Max(Number.MAX_SAFE_INTEGER, { message: `On hand can be at most ${Number.MAX_SAFE_INTEGER}` })
  onHand!: number;

  @Property({ type: 'integer', version: true, default: 1 })
  version!: number;
}
