/** Takes pieces from stock and puts them back, in the transaction of an order. */
import type { Kysely } from 'kysely';
import { type EntityManager, statement } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import type { OrderItem } from './order-request.ts';
import { Stock } from './stock.entity.ts';
import { type RegionTables, tablesOf } from './tables.ts';

/** The insufficient stock of a product; `null` if it is not sold here at all. */
export interface Shortage extends OrderItem {
  readonly onHand: number | null;
}

/** @returns the row after the change, or the shortage, in which case nothing was taken */
export async function takeStock(em: EntityManager, { productId, quantity }: OrderItem): Promise<Stock | Shortage> {
  for (;;) {
    const [row] = (await take(em, productId, quantity)).rows;
    if (row !== undefined) {
      return row;
    }
    const left = await em.findOne(Stock, { productId }, { fields: ['onHand'], disableIdentityMap: true });
    // on a server, another transaction may have returned the missing pieces meanwhile
    if (left === null || left.onHand < quantity) {
      return { productId, quantity, onHand: left?.onHand ?? null };
    }
  }
}

const take = statement((tables: Kysely<RegionTables>, productId: number, quantity: number) =>
  tables
    .updateTable('Stock')
    .set((column) => ({ onHand: column('onHand', '-', quantity), version: column('version', '+', 1) }))
    .where('productId', '=', productId)
    .where('onHand', '>=', quantity)
    .returning(['productId', 'name', 'unitPrice', 'onHand', 'version']),
);

/** @returns the row after the change; `undefined` if the product is not sold here any more */
export async function putBack(em: EntityManager, { productId, quantity }: OrderItem): Promise<Stock | undefined> {
  const row = await tablesOf(em)
    .updateTable('Stock')
    .set((column) => ({ onHand: column('onHand', '+', quantity), version: column('version', '+', 1) }))
    .where('productId', '=', productId)
    .returningAll()
    .executeTakeFirst();
  return row && checkedStock(row);
}

/** @throws MeridianError `database` if the number of pieces exceeds the safe integer range */
export function checkedStock(row: Stock): Stock {
  if (!Number.isSafeInteger(row.onHand)) {
    throw new MeridianError(
      'database',
      `There would be more than ${Number.MAX_SAFE_INTEGER} pieces of product ${row.productId} on hand, which cannot be counted.`,
    );
  }
  return row;
}
