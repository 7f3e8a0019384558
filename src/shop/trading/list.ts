/** What a region has: its stock, and its orders. Nothing is changed, and nothing is made that is not there. */
import { Database, type DatabaseOptions, type EntityManager } from '../../database/database.ts';
import { refusePending } from '../../database/migrations.ts';
import type { Order, OrderStatus } from '../orders/order.entity.ts';
import { regionDatabase } from '../regions/databases.ts';
import type { Stock } from './stock.entity.ts';
import { orderOf, stockOf, tablesOf } from './tables.ts';

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
  /** The newest so many. */
  readonly limit: number;
}

/** By product. None where the region has no database yet. @throws MeridianError `database`, `locked` or `migration` */
export async function listStock(region: string, options: DatabaseOptions = {}): Promise<Stock[]> {
  const rows = await looking(region, options, (em) =>
    tablesOf(em).selectFrom('stock').selectAll().orderBy('product_id').execute(),
  );
  return rows.map(stockOf);
}

/** The greatest id first. None where the region has no database yet. @throws MeridianError as above */
export async function listOrders(
  region: string,
  { status, limit }: OrderFilter,
  options: DatabaseOptions = {},
): Promise<Order[]> {
  const rows = await looking(region, options, (em) => {
    const orders = tablesOf(em).selectFrom('orders').selectAll().orderBy('id', 'desc').limit(limit);
    return (status === undefined ? orders : orders.where('status', '=', status)).execute();
  });
  return rows.map(orderOf);
}

async function looking<Row>(
  region: string,
  options: DatabaseOptions,
  work: (em: EntityManager) => Promise<Row[]>,
): Promise<Row[]> {
  const database = await Database.open(regionDatabase(region), { ...options, create: false });
  try {
    if (database.isMissing) {
      return [];
    }
    await refusePending(database);
    return await work(database.fork());
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}
