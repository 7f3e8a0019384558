/** The products report: the sales and the remaining stock of each product over all regions. */
import { sql } from 'kysely';
import type { Database } from '../../../databases.ts';
import { byRevenue, compareKeys } from './order.ts';
import { type Sales, type SalesNotes, salesReport } from './sales.ts';
import { read } from './tables.ts';

export interface ProductRow extends Sales {
  readonly product: number;
  /** The name in a region's stock; `null` if no region has published one. */
  readonly name: string | null;
  /** The stock over all regions; `null` if no region has published any. */
  readonly onHand: bigint | null;
}

export interface ProductsReport extends SalesNotes {
  /** Sorted by revenue in descending order, then by name, then by id. */
  readonly rows: readonly ProductRow[];
}

const NO_SALES: Sales = { orders: 0, units: 0n, revenueCents: 0n };

/**
 * Reports all products that have been sold or are in stock.
 *
 * @param central connected, without pending migrations
 * @throws MeridianError `database` or `locked`
 */
export async function productsReport(central: Database): Promise<ProductsReport> {
  const { rows: sold, ...notes } = await salesReport(central, { by: 'product' });
  const stocked = new Map((await stockedProducts(central)).map((one) => [one.productId, one]));
  const sales = new Map(sold.map(({ key, ...figures }) => [Number(key), figures]));
  const rows = [...new Set([...sales.keys(), ...stocked.keys()])].map((product): ProductRow => {
    const stock = stocked.get(product);
    return {
      product,
      name: stock?.name ?? null,
      ...(sales.get(product) ?? NO_SALES),
      onHand: stock === undefined ? null : BigInt(stock.total),
    };
  });
  rows.sort(
    (one, other) =>
      byRevenue(one, other) || compareKeys(one.name, other.name) || compareKeys(one.product, other.product),
  );
  return { rows, ...notes };
}

/** The stock of each product over all regions, with its name in the region that has changed its stock most often. */
function stockedProducts(central: Database) {
  return read(central, (tables) =>
    tables
      .selectFrom((stock) =>
        stock
          .selectFrom('StockFact')
          .select([
            'productId',
            'name',
            sql<string>`cast(sum(on_hand) over (partition by product_id) as text)`.as('total'),
            sql<number>`row_number() over (
              partition by product_id
              order by case when name is null then 1 else 0 end, epoch desc, version desc, region
            )`.as('rank'),
          ])
          .as('ranked'),
      )
      .select(['productId', 'name', 'total'])
      .where('rank', '=', 1)
      .execute(),
  );
}
