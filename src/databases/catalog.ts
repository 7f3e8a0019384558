/** The one declaration of the project's databases, their natural keys and the references between them. */
import { DeadLetter } from '../facts/dead-letter.entity.ts';
import { InboxEvent } from '../facts/inbox-event.entity.ts';
import { OrderFact } from '../facts/order-fact.entity.ts';
import { RegionCursor } from '../facts/region-cursor.entity.ts';
import { StockFact } from '../facts/stock-fact.entity.ts';
import { Checkout } from '../orders/checkout.entity.ts';
import { orderJournal } from '../orders/journal.ts';
import { Order } from '../orders/order.entity.ts';
import { OutboxEvent } from '../orders/outbox-event.entity.ts';
import { RelayState } from '../orders/relay-state.entity.ts';
import { Stock } from '../orders/stock.entity.ts';
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
  others: [Stock, Checkout, OutboxEvent, RelayState],
  references: { userId: 'users', productId: 'products' },
  // it may have been cancelled for the very reason that its user does not exist
  isExempt: ({ status }) => status === 'cancelled',
  sample: 'src/orders/orders.sample.csv',
};

/** What the regions tell of, in one place, for reports. */
export const central: DatabaseDeclaration = {
  name: 'central',
  entity: OrderFact,
  others: [StockFact, InboxEvent, RegionCursor, DeadLetter],
  isPopulated: false,
};

/** The databases that are populated together. */
export const catalog: readonly DatabaseDeclaration[] = [users, products, orders];

const made = new Map<string, DatabaseDeclaration>();

/**
 * The orders database of a region: the same entities and migrations as `orders`, and what is loaded is told of. The same
 * declaration each time.
 */
export function ordersOf(region: string): DatabaseDeclaration {
  let declaration = made.get(region);
  if (declaration === undefined) {
    declaration = { ...orders, name: `${orders.name}.${region}`, journal: orderJournal };
    made.set(region, declaration);
  }
  return declaration;
}
