/** Reads the corresponding rows of a region and of central. */
import { sql } from 'kysely';
import type { EntityManager } from '../../databases.ts';

/** A row of column values, with `id` and `version`. Both sides have the same columns. */
export type ComparedRow = Readonly<Record<string, string | number | null>> & {
  readonly id: number;
  readonly version: number;
};

export interface ComparedTable {
  readonly aggregate: 'order' | 'stock';
  /** The column with the number of pieces, from which the value is computed. */
  readonly pieces: 'quantity' | 'on_hand';
  inRegion(em: EntityManager, after: number, limit: number): Promise<ComparedRow[]>;
  /** @param upTo the last id (default: no limit) */
  inCentral(
    em: EntityManager,
    region: string,
    after: number,
    upTo: number | undefined,
    limit: number,
  ): Promise<ComparedRow[]>;
}

const ORDER_COLUMNS = sql.raw(
  'version, user_id, product_id, quantity, unit_price_cents, placed_at, country, status, checkout_id',
);
const STOCK_COLUMNS = sql.raw('version, name, unit_price_cents, on_hand');

export const COMPARED_TABLES: readonly ComparedTable[] = [
  {
    aggregate: 'order',
    pieces: 'quantity',
    inRegion: (em, after, limit) =>
      run(em, sql`select id, ${ORDER_COLUMNS} from orders where id > ${after} order by id limit ${limit}`),
    inCentral: (em, region, after, upTo = Number.MAX_SAFE_INTEGER, limit) =>
      run(
        em,
        sql`select order_id as id, ${ORDER_COLUMNS} from order_fact
          where region = ${region} and order_id > ${after} and order_id <= ${upTo} order by order_id limit ${limit}`,
      ),
  },
  {
    aggregate: 'stock',
    pieces: 'on_hand',
    inRegion: (em, after, limit) =>
      run(
        em,
        sql`select product_id as id, ${STOCK_COLUMNS} from stock
          where product_id > ${after} order by product_id limit ${limit}`,
      ),
    inCentral: (em, region, after, upTo = Number.MAX_SAFE_INTEGER, limit) =>
      run(
        em,
        sql`select product_id as id, ${STOCK_COLUMNS} from stock_fact
          where region = ${region} and product_id > ${after} and product_id <= ${upTo} order by product_id limit ${limit}`,
      ),
  },
];

/** The row of an order or of stock in central; `undefined` if there is none, or the event is about another aggregate. */
export async function rowInCentral(
  em: EntityManager,
  region: string,
  { aggregate, aggregateId: id }: { readonly aggregate: string; readonly aggregateId: number },
): Promise<ComparedRow | undefined> {
  const table = COMPARED_TABLES.find((one) => one.aggregate === aggregate);
  return (await table?.inCentral(em, region, id - 1, id, 1))?.[0];
}

/** The row in the region. */
export async function rowInRegion(
  em: EntityManager,
  { aggregate, aggregateId: id }: { readonly aggregate: string; readonly aggregateId: number },
): Promise<ComparedRow | undefined> {
  const table = COMPARED_TABLES.find((one) => one.aggregate === aggregate);
  const row = (await table?.inRegion(em, id - 1, 1))?.[0];
  return row?.id === id ? row : undefined;
}

async function run(em: EntityManager, query: ReturnType<typeof sql>): Promise<ComparedRow[]> {
  return (await query.execute(em.getKysely())).rows as ComparedRow[];
}
