/** The tables of central that reports read. */
import type { Kysely } from 'kysely';
import { type Database, type EntityTables, entityTables } from '../../../databases.ts';
import type { DeadLetter, RegionCursor } from '../../../replication/index.ts';
import type { OrderFact } from '../facts/order-fact.entity.ts';
import type { StockFact } from '../facts/stock-fact.entity.ts';

type CentralEntities = typeof DeadLetter | typeof OrderFact | typeof RegionCursor | typeof StockFact;

/**
 * Runs queries on central's tables, and converts their errors to those of the database.
 *
 * @throws MeridianError `database` or `locked`
 */
export async function read<T>(
  central: Database,
  query: (tables: Kysely<EntityTables<CentralEntities>>) => Promise<T>,
): Promise<T> {
  try {
    return await query(entityTables<CentralEntities>(central.fork()));
  } catch (error) {
    throw central.explain(error);
  }
}
