/** What a region has: its stock, and its orders. Nothing is changed, and nothing is made that is not there. */
import { type DatabaseOptions, type EntityManager, openToRead } from '../../databases.ts';
import { Order, type OrderStatus } from '../orders/order.entity.ts';
import { regionDatabase } from '../regions/databases.ts';
import { Stock } from './stock.entity.ts';

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
  /** The newest so many. */
  readonly limit: number;
}

/** By product. None where the region has no database yet. @throws MeridianError `database`, `locked` or `migration` */
export async function listStock(region: string, options: DatabaseOptions = {}): Promise<Stock[]> {
  return readRegion(region, options, (em) => em.find(Stock, {}, { orderBy: { productId: 'asc' } }));
}

/** The greatest id first. None where the region has no database yet. @throws MeridianError as above */
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
