/** That one product is made of another, so that what uses a product is found without reading every list. */
import { Entity, Index, PrimaryKey } from '@mikro-orm/decorators/legacy';

@Entity({ tableName: 'component_uses' })
@Index({ name: 'component_uses_product_index', properties: ['productId'] })
export class StoredComponentUse {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  componentId!: number;

  /** The product that is made of it. */
  @PrimaryKey({ type: 'integer', autoincrement: false })
  productId!: number;
}
