/** Columns that several entities share. */
import { PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { AmountType } from '../types.ts';

/** The unit price: decimal text with two places on the entity, whole cents in the column. */
export const UNIT_PRICE_COLUMN = { type: AmountType, fieldName: 'unit_price_cents' } as const;

/** The key and version of an order or an order document, in a database with several regions. */
export abstract class RegionRecord {
  @PrimaryKey({ type: 'text' })
  region!: string;

  /** The order id; for a document, the smallest order id of the checkout. */
  @PrimaryKey({ type: 'integer', autoincrement: false })
  orderId!: number;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  version!: number;
}
