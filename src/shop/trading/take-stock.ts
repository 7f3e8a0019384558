/** Takes pieces from stock and puts them back, in the transaction of an order. */
import type { Kysely } from 'kysely';
import type { EntityManager } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { OrderItem } from './order-request.ts';
import { type RegionTables, type StockRow, tablesOf } from './tables.ts';

/** What there is of a product, when that is not enough; `null` when it is not sold here at all. */
export interface Shortage extends OrderItem {
  readonly onHand: number | null;
}

/** @returns the row as it is now, or that there is not enough, in which case nothing was taken */
export async function takeStock(em: EntityManager, { productId, quantity }: OrderItem): Promise<StockRow | Shortage> {
  for (;;) {
    const [row] = (await take(em, productId, quantity)).rows;
    if (row !== undefined) {
      return row;
    }
    const left = await tablesOf(em)
      .selectFrom('stock')
      .select('on_hand')
      .where('product_id', '=', productId)
      .executeTakeFirst();
    // on a server, somebody may just have put back what was missing
    if (left === undefined || left.on_hand < quantity) {
      return { productId, quantity, onHand: left?.on_hand ?? null };
    }
  }
}

const take = statement((tables: Kysely<RegionTables>, productId: number, quantity: number) =>
  tables
    .updateTable('stock')
    .set((column) => ({ on_hand: column('on_hand', '-', quantity), version: column('version', '+', 1) }))
    .where('product_id', '=', productId)
    .where('on_hand', '>=', quantity)
    .returning(['product_id', 'name', 'unit_price_cents', 'on_hand', 'version']),
);

/** @returns the row as it is now; none when the product is not sold here any longer */
export async function putBack(em: EntityManager, { productId, quantity }: OrderItem): Promise<StockRow | undefined> {
  const row = await tablesOf(em)
    .updateTable('stock')
    .set((column) => ({ on_hand: column('on_hand', '+', quantity), version: column('version', '+', 1) }))
    .where('product_id', '=', productId)
    .returningAll()
    .executeTakeFirst();
  return row && checkedStock(row);
}

/** @throws MeridianError `database` when there are more pieces than can be counted */
export function checkedStock(row: StockRow): StockRow {
  if (!Number.isSafeInteger(row.on_hand)) {
    throw new MeridianError(
      'database',
      `There would be more than ${Number.MAX_SAFE_INTEGER} pieces of product ${row.product_id} on hand, which cannot be counted.`,
    );
  }
  return row;
}
