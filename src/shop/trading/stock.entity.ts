/** The stock of a product in a region, with its price. */
import { EntityName } from '@mikro-orm/core';
import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsNotEmpty, IsOptional } from 'class-validator';
import { UNIT_PRICE_COLUMN } from '../columns.ts';
import { IsIdentifier, IsOnHand, IsShortText, IsUnitPrice } from '../rules.ts';

/** The stock of a product in a region. */
@Entity({ tableName: 'stock' })
@Check({ name: 'stock_on_hand_check', expression: 'on_hand >= 0' })
export class Stock {
  declare readonly [EntityName]?: 'Stock';

  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsIdentifier('Product id')
  productId!: number;

  /** The name from the products database; `null` if it was unreachable. */
  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @IsShortText('Name')
  name!: string | null;

  @Property(UNIT_PRICE_COLUMN)
  @IsNotEmpty({ message: 'Unit price cannot be empty' })
  @IsUnitPrice()
  unitPrice!: string;

  /** The number of pieces. */
  @Property({ type: 'integer' })
  @IsOnHand()
  onHand!: number;

  @Property({ type: 'integer', version: true, default: 1 })
  version!: number;
}
