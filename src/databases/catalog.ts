/** The one declaration of the project's databases, their natural keys and the references between them. */
import { Order } from '../orders/order.entity.ts';
import { Product } from '../products/product.entity.ts';
import { User } from '../users/user.entity.ts';
import type { DatabaseDeclaration } from './declaration.ts';

export const users: DatabaseDeclaration = {
  name: 'users',
  entity: User,
  naturalKeys: [{ properties: ['email'], ignoreCase: true }],
  sample: 'src/users/users.sample.csv',
};

export const products: DatabaseDeclaration = {
  name: 'products',
  entity: Product,
  naturalKeys: [{ properties: ['sku'] }, { properties: ['name', 'price'], onlyWithout: 'sku' }],
  sample: 'src/products/products.sample.csv',
};

export const orders: DatabaseDeclaration = {
  name: 'orders',
  entity: Order,
  references: { userId: 'users', productId: 'products' },
  sample: 'src/orders/orders.sample.csv',
};

export const catalog: readonly DatabaseDeclaration[] = [users, products, orders];
