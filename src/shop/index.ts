/** The example shop of Meridian, as a module with its database configs. */
import type { Module } from '../module.ts';
import { shop as shopModule } from './cli/shop.module.ts';

export { orders, products, users } from './config.ts';
export { Order } from './orders/order.entity.ts';
export { Product } from './products/product.entity.ts';
export { ProductComponents } from './products/product-components.entity.ts';
export { Checkout } from './trading/checkout.entity.ts';
export { Stock } from './trading/stock.entity.ts';
export { User } from './users/user.entity.ts';

/** The module of the shop, with its commands, menu entries, regions and reports, for a config with its databases:
 *
 * ```ts
 * import { defineConfig } from 'meridian';
 * import { orders, products, shop, users } from 'meridian/shop';
 *
 * export default defineConfig({ databases: { users, products, orders }, modules: [shop()] });
 * ```
 *
 * With `serve: { run: ['sync'] }` in it, `meridian serve` is the whole shop in one process.
 */
export function shop(): Module {
  return shopModule;
}
