/** The component list of a product, in a document store in tables. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

@Entity({ tableName: 'component_lists' })
export class StoredComponentList {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  productId!: number;

  @Property({ type: 'integer' })
  version!: number;

  /** `{"components": [{"productId": 12, "quantity": 4}]}` */
  @Property({ type: 'json' })
  document!: unknown;
}
