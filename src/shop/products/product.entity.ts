/** A product, in the products database. */
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { IsOptional } from 'class-validator';
import {
  AmountType,
  IsAmount,
  IsNotEmpty,
  IsPositiveAmount,
  IsString,
  IsVisible,
  MaxAmount,
  MaxLength,
} from '../../types.ts';
import { MAX_PRICE } from '../limits.ts';
import { IsIdentifier, IsShortText } from '../rules.ts';

/** A product that is for sale. */
@Entity({ tableName: 'products' })
@Unique({ name: 'products_name_price_unique', properties: ['name', 'price'], where: { sku: null } })
export class Product {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsIdentifier('Id')
  id!: number;

  @Property({ type: 'text', nullable: true })
  @Unique()
  @IsOptional()
  @IsString({ message: 'Sku must be text' })
  @MaxLength(64, { message: 'Sku can have at most 64 characters' })
  @IsVisible('Sku')
  sku: string | null = null;

  @Property({ type: 'text' })
  @IsNotEmpty({ message: 'Name cannot be empty' })
  @IsShortText('Name')
  name!: string;

  /** Decimal text with two places, such as `"12.50"`; the column `price_cents` holds whole cents. */
  @Property({ type: AmountType, fieldName: 'price_cents' })
  @IsNotEmpty({ message: 'Price cannot be empty' })
  @IsAmount({ message: 'Price must be a decimal number with at most two decimals' })
  @IsPositiveAmount({ message: 'Price must be positive' })
  @MaxAmount(MAX_PRICE, { message: 'Price can be at most 9,999,999,999.99' })
  price!: string;

  toString(): string {
    return `${this.name}, ${this.price}`;
  }
}
