/** Lists the stock and the orders of a region, without creating or changing anything. */
import { type DatabaseOptions, type EntityManager, openToRead } from '../../databases.ts';
import { Order, type OrderStatus } from '../orders/order.entity.ts';
import { regionDatabase } from '../regions/databases.ts';
import { Stock } from './stock.entity.ts';

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
  /** The maximum number of orders, the newest ones. */
  readonly limit: number;
}

/** Lists stock, sorted by product; empty if the region has no database yet. @throws MeridianError `database`, `locked` or `migration` */
export async function listStock(region: string, options: DatabaseOptions = {}): Promise<Stock[]> {
  return readRegion(region, options, (em) => em.find(Stock, {}, { orderBy: { productId: 'asc' } }));
}

/** Lists orders, the highest id first; empty if the region has no database yet. @throws MeridianError as above */
export async function listOrders(
  region: string,
  { status, limit }: OrderFilter,
  options: DatabaseOptions = {},
): Promise<Order[]> {
  return readRegion(region, options, (em) =>
    em.find(Order, status === undefined ? {} : { status }, { orderBy: { id: 'desc' }, limit }),
  );
}

async function readRegion<Row>(
  region: string,
  options: DatabaseOptions,
  work: (em: EntityManager) => Promise<Row[]>,
): Promise<Row[]> {
  const database = await openToRead(regionDatabase(region), options);
  try {
    return database.isMissing ? [] : await work(database.fork());
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}
