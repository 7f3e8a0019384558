/** The use of a product as a component, by which where-used queries avoid reading every list. */
import { Entity, Index, PrimaryKey } from '@mikro-orm/decorators/legacy';

@Entity({ tableName: 'component_uses' })
@Index({ name: 'component_uses_product_index', properties: ['productId'] })
export class StoredComponentUse {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  componentId!: number;

  /** The product that contains the component. */
  @PrimaryKey({ type: 'integer', autoincrement: false })
  productId!: number;
}
