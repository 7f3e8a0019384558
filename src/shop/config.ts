/** The database configs of the shop, for `meridian.config.ts`. */
import { join } from 'node:path';
import type { DatabaseConfig } from '../index.ts';
import { Order } from './orders/order.entity.ts';
import { Product } from './products/product.entity.ts';
import { ProductComponents } from './products/product-components.entity.ts';
import { root } from './root.ts';
import { Checkout } from './trading/checkout.entity.ts';
import { Stock } from './trading/stock.entity.ts';
import { User } from './users/user.entity.ts';

/** The users database of the shop. */
export const users = {
  entities: {
    user: { entity: User, naturalKeys: [{ properties: ['email'], ignoreCase: true }], sample: sampleOf('users') },
  },
} as const satisfies DatabaseConfig;

/** The products database of the shop. */
export const products = {
  entities: {
    product: {
      entity: Product,
      naturalKeys: [{ properties: ['sku'] }, { properties: ['name', 'price'], onlyWithout: 'sku' }],
      sample: sampleOf('products'),
    },
  },
  others: [ProductComponents],
} as const satisfies DatabaseConfig;

/** The orders database of the shop, with an outbox. */
export const orders = {
  entities: {
    order: {
      entity: Order,
      references: { userId: 'users.user', productId: 'products.product' },
      // an order may have been cancelled because its user does not exist
      isExempt: ({ status }: Readonly<Record<string, unknown>>) => status === 'cancelled',
      sample: sampleOf('orders'),
    },
  },
  others: [Stock, Checkout],
  outbox: true,
} as const satisfies DatabaseConfig;

function sampleOf(name: string): string {
  return join(root, 'src', 'shop', name, `${name}.sample.csv`);
}
