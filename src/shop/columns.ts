/** Columns that several entities share. */
import { PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { AmountType } from '../types.ts';

/** What one piece costs: decimal text with two places on the entity, whole cents in the column. */
export const UNIT_PRICE_COLUMN = { type: AmountType, fieldName: 'unit_price_cents' } as const;

/** The key and the version of an order, or of a document of orders, in a database that holds those of several regions. */
export abstract class RegionRecord {
  @PrimaryKey({ type: 'text' })
  region!: string;

  /** Of a document: the smallest id of the orders of the checkout. */
  @PrimaryKey({ type: 'integer', autoincrement: false })
  orderId!: number;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  version!: number;
}
