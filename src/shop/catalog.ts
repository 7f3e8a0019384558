/** The declarations of the shop's databases: those that a config names, and internal ones. */
import { type DatabaseDeclaration, declare } from '../databases.ts';
import { withInbox } from '../replication/index.ts';
import { QueuedDocument } from './central/facts/document-queue.entity.ts';
import { OrderFact } from './central/facts/order-fact.entity.ts';
import { StockFact } from './central/facts/stock-fact.entity.ts';
import * as config from './config.ts';
import { StoredComponentList } from './documents/model/stored-component-list.entity.ts';
import { StoredComponentUse } from './documents/model/stored-component-use.entity.ts';
import { StoredDocument } from './documents/model/stored-document.entity.ts';
import { StoredWatermark } from './documents/model/stored-watermark.entity.ts';
import { orderOutboxMapping } from './orders/outbox-mapping.ts';
import { root } from './root.ts';

export const users = declare('users', config.users, root);
export const products = declare('products', config.products, root);
export const orders = declare('orders', config.orders, root);

/** The facts of all regions, for reports. */
export const central: DatabaseDeclaration = withInbox({
  name: 'central',
  entities: [],
  others: [OrderFact, StockFact, QueuedDocument],
});

/** The document store in tables, which is the default, with order documents and component lists as JSON. */
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
 * The orders database of a region: the same entities and migrations as `orders`, and loads write change events. Returns the same object
 * each time.
 */
export function ordersOf(region: string): DatabaseDeclaration {
  let declaration = made.get(region);
  if (declaration === undefined) {
    declaration = {
      ...orders,
      name: `${orders.name}.${region}`,
      entities: orders.entities.map((order) => ({ ...order, outboxMapping: orderOutboxMapping })),
      adviceAgainst: (owner) => renameAdvice(region, owner),
    };
    made.set(region, declaration);
  }
  return declaration;
}

/** @param owner the name of the declaration that the database belongs to */
function renameAdvice(region: string, owner: string): string | undefined {
  const [set, other] = owner.split('.');
  return set === orders.name && other !== undefined
    ? `If region ${other} is to be called ${region}, run npx meridian regions rename ${other} ${region}.`
    : undefined;
}
