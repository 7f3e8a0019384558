/** What each region has of each product, and what it is worth. */
import type { Database } from '../../../databases.ts';
import { toCents } from '../../../types.ts';
import { read } from './tables.ts';

export interface StockRow {
  readonly region: string;
  readonly product: number;
  readonly name: string | null;
  readonly onHand: number;
  readonly unitPriceCents: bigint;
  /** Pieces on hand at their unit price. */
  readonly valueCents: bigint;
}

/**
 * By region, then by product.
 *
 * @param central connected, at its newest schema
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
