/** What a product is made of; lives beside the products, and the document store is given what is new of it. */
import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** What a product is made of. */
@Entity({ tableName: 'product_components' })
export class ProductComponents {
  declare readonly [EntityName]?: 'ProductComponents';

  @PrimaryKey({ type: 'integer', autoincrement: false })
  productId!: number;

  /** A list of `{"productId": 12, "quantity": 4}` as JSON, by product id. */
  @Property({ type: 'text' })
  components!: string;

  /** Grows by one with every change. */
  @Property({ type: 'integer' })
  version!: number;

  /** The version that the document store has got; 0 for none. */
  @Property({ type: 'integer' })
  shippedVersion!: number;
}
