/** The newest known stock of a product in a region, from an event that satisfies the rules of stock. */
import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { UNIT_PRICE_COLUMN } from '../../columns.ts';

@Entity({ tableName: 'stock_fact' })
export class StockFact {
  declare readonly [EntityName]?: 'StockFact';

  @PrimaryKey({ type: 'text' })
  region!: string;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  productId!: number;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  version!: number;

  @Property({ type: 'text', nullable: true })
  name!: string | null;

  @Property(UNIT_PRICE_COLUMN)
  unitPrice!: string;

  @Property({ type: 'integer' })
  onHand!: number;
}
