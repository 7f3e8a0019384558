/** The one declaration of the project's databases, their natural keys and the references between them. */
import { join } from 'node:path';
import { type DatabaseDeclaration, type EntityDeclaration, withOneEntity } from '../database/declaration.ts';
import { withLoads } from '../loads/run-tables.ts';
import { DeadLetter } from '../replication/inbox/dead-letter.entity.ts';
import { InboxEvent } from '../replication/inbox/inbox-event.entity.ts';
import { RegionCursor } from '../replication/inbox/region-cursor.entity.ts';
import { StoreWatermark } from '../replication/inbox/store-watermark.entity.ts';
import { OutboxEvent } from '../replication/outbox/outbox-event.entity.ts';
import { RelayState } from '../replication/relay/relay-state.entity.ts';
import { projectRoot } from '../shared/project.ts';
import { QueuedDocument } from './central/facts/document-queue.entity.ts';
import { OrderFact } from './central/facts/order-fact.entity.ts';
import { StockFact } from './central/facts/stock-fact.entity.ts';
import { StoredComponentList } from './documents/model/stored-component-list.entity.ts';
import { StoredComponentUse } from './documents/model/stored-component-use.entity.ts';
import { StoredDocument } from './documents/model/stored-document.entity.ts';
import { StoredWatermark } from './documents/model/stored-watermark.entity.ts';
import { Order } from './orders/order.entity.ts';
import { orderOutboxMapping } from './orders/outbox-mapping.ts';
import { Product } from './products/product.entity.ts';
import { ProductComponents } from './products/product-components.entity.ts';
import { Checkout } from './trading/checkout.entity.ts';
import { Stock } from './trading/stock.entity.ts';
import { User } from './users/user.entity.ts';

export const users = withLoads(
  withOneEntity({
    name: 'users',
    entity: User,
    naturalKeys: [{ properties: ['email'], ignoreCase: true }],
    sample: sampleOf('users'),
  }),
);

export const products = withLoads(
  withOneEntity({
    name: 'products',
    entity: Product,
    others: [ProductComponents],
    naturalKeys: [{ properties: ['sku'] }, { properties: ['name', 'price'], onlyWithout: 'sku' }],
    sample: sampleOf('products'),
  }),
);

const order: EntityDeclaration = {
  name: 'order',
  entity: Order,
  references: {
    userId: { database: 'users', entity: 'user' },
    productId: { database: 'products', entity: 'product' },
  },
  // it may have been cancelled for the very reason that its user does not exist
  isExempt: ({ status }) => status === 'cancelled',
  sample: sampleOf('orders'),
};

export const orders = withLoads({
  name: 'orders',
  entities: [order],
  others: [Stock, Checkout, OutboxEvent, RelayState],
});

/** The facts of all regions, for reports. */
export const central: DatabaseDeclaration = {
  name: 'central',
  entities: [],
  others: [OrderFact, StockFact, InboxEvent, RegionCursor, DeadLetter, QueuedDocument, StoreWatermark],
};

/** Order documents and what products are made of, where they are kept as JSON in tables: by default, or on PostgreSQL. */
export const documents: DatabaseDeclaration = {
  name: 'documents',
  entities: [],
  others: [StoredDocument, StoredComponentList, StoredComponentUse, StoredWatermark],
  otherUrls: ', or mongodb:// with the same',
};

/** The databases that are populated together. */
export const catalog: readonly DatabaseDeclaration[] = [users, products, orders];

const made = new Map<string, DatabaseDeclaration>();

/**
 * The orders database of a region: the same entities and migrations as `orders`, and loads write change events. The same
 * declaration each time.
 */
export function ordersOf(region: string): DatabaseDeclaration {
  let declaration = made.get(region);
  if (declaration === undefined) {
    declaration = {
      ...orders,
      name: `${orders.name}.${region}`,
      entities: [{ ...order, outboxMapping: orderOutboxMapping }],
      adviceAgainst: (owner) => renameAdvice(region, owner),
    };
    made.set(region, declaration);
  }
  return declaration;
}

function sampleOf(name: string): string {
  return join(projectRoot, 'src', 'shop', name, `${name}.sample.csv`);
}

/** @param owner the declaration that a region's database belongs to */
function renameAdvice(region: string, owner: string): string | undefined {
  const [set, other] = owner.split('.');
  return set === orders.name && other !== undefined
    ? `If region ${other} is to be called ${region}, run npx meridian regions rename ${other} ${region}.`
    : undefined;
}
