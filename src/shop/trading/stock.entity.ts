/** What a region has of a product, and for how much it sells it. */
import { EntityName } from '@mikro-orm/core';
import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsNotEmpty, IsOptional } from 'class-validator';
import { UNIT_PRICE_COLUMN } from '../columns.ts';
import { IsIdentifier, IsOnHand, IsShortText, IsUnitPrice } from '../rules.ts';

/** What a region has of a product. */
@Entity({ tableName: 'stock' })
@Check({ name: 'stock_on_hand_check', expression: 'on_hand >= 0' })
export class Stock {
  declare readonly [EntityName]?: 'Stock';

  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsIdentifier('Product id')
  productId!: number;

  /** As the products database had it; `null` when it could not be asked. */
  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsShortText('Name')
  name!: string | null;

  @Property(UNIT_PRICE_COLUMN)
  @IsNotEmpty({ message: 'Unit price cannot be empty' })
  @IsUnitPrice()
  unitPrice!: string;

  /** Pieces. */
  @Property({ type: 'integer' })
  @IsOnHand()
  onHand!: number;

  @Property({ type: 'integer', version: true, default: 1 })
  version!: number;
}
