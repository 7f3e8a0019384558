/** The tables of central that reports read. */
import type { Kysely } from 'kysely';
import type { Database } from '../../../database/database.ts';
import { type EntityTables, entityTables } from '../../../database/entity-tables.ts';
import type { DeadLetter } from '../../../replication/inbox/dead-letter.entity.ts';
import type { RegionCursor } from '../../../replication/inbox/region-cursor.entity.ts';
import type { OrderFact } from '../facts/order-fact.entity.ts';
import type { StockFact } from '../facts/stock-fact.entity.ts';

type CentralEntities = typeof DeadLetter | typeof OrderFact | typeof RegionCursor | typeof StockFact;

/**
 * Runs queries of central's tables; its errors are reported as the database's.
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
