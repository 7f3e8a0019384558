/** The component list of a product, stored with the products; changes are written to the document store. */
import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** The component list of a product. */
@Entity({ tableName: 'product_components' })
export class ProductComponents {
  declare readonly [EntityName]?: 'ProductComponents';

  @PrimaryKey({ type: 'integer', autoincrement: false })
  productId!: number;

  /** A list of `{"productId": 12, "quantity": 4}` as JSON, sorted by product id. */
  @Property({ type: 'text' })
  components!: string;

  /** Incremented with every change. */
  @Property({ type: 'integer' })
  version!: number;

  /** The version in the document store; 0 for none. */
  @Property({ type: 'integer' })
  shippedVersion!: number;
}
