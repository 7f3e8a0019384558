/** The tables of a region, for queries. */
import { type EntityManager, type EntityTables, entityTables } from '../../databases.ts';
import type { Order } from '../orders/order.entity.ts';
import type { Checkout } from './checkout.entity.ts';
import type { Stock } from './stock.entity.ts';

type RegionEntities = typeof Checkout | typeof Order | typeof Stock;

export type RegionTables = EntityTables<RegionEntities>;

export function tablesOf(em: EntityManager) {
  return entityTables<RegionEntities>(em);
}
