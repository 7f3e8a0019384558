/** The stock report: the stock of each product in each region, and its value. */
import type { Database } from '../../../databases.ts';
import { toCents } from '../../../types.ts';
import { read } from './tables.ts';

export interface StockRow {
  readonly region: string;
  readonly product: number;
  readonly name: string | null;
  readonly onHand: number;
  readonly unitPriceCents: bigint;
  /** Pieces on hand times their unit price. */
  readonly valueCents: bigint;
}

/**
 * Reports stock, sorted by region, then by product.
 *
 * @param central connected, without pending migrations
 * @throws MeridianError `database` or `locked`
 */
export async function stockReport(central: Database): Promise<StockRow[]> {
  const rows = await read(central, (tables) =>
    tables
      .selectFrom('StockFact')
      .select(['region', 'productId', 'name', 'onHand', 'unitPrice'])
      .orderBy('region')
      .orderBy('productId')
      .execute(),
  );
  return rows.map(({ region, productId, name, onHand, unitPrice }) => {
    const unitPriceCents = toCents(unitPrice) ?? 0n;
    return { region, product: productId, name, onHand, unitPriceCents, valueCents: BigInt(onHand) * unitPriceCents };
  });
}
