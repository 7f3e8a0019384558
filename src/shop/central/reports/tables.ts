/** The columns of central's tables that reports read, for queries that are built. */
import type { Kysely } from 'kysely';
import type { Database } from '../../../database/database.ts';

interface CentralTables {
  readonly order_fact: {
    readonly region: string;
    readonly order_id: number;
    readonly product_id: number;
    readonly quantity: number;
    readonly unit_price_cents: number | null;
    readonly placed_at: string | null;
    readonly country: string | null;
    readonly status: string;
  };
  readonly stock_fact: {
    readonly region: string;
    readonly product_id: number;
    readonly epoch: number;
    readonly version: number;
    readonly name: string | null;
    readonly unit_price_cents: number;
    readonly on_hand: number;
  };
  readonly region_cursor: {
    readonly region: string;
    readonly epoch: number;
    readonly seq: number;
    readonly head_seq: number;
    readonly lacks_base: boolean | number;
    readonly occurred_at: string | null;
    readonly heard_at: string;
  };
  readonly dead_letter: {
    readonly region: string;
    readonly parked_at: string | null;
  };
}

/**
 * Runs queries of central's tables; its errors are told as the database's.
 *
 * @throws MeridianError `database` or `locked`
 */
export async function read<T>(central: Database, query: (tables: Kysely<CentralTables>) => Promise<T>): Promise<T> {
  try {
    return await query(central.fork().getKysely<CentralTables>());
  } catch (error) {
    throw central.explain(error);
  }
}
