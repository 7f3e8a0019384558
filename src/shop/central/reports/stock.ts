/** What each region has of each product, and what it is worth. */
import type { Database } from '../../../database/database.ts';
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
      .selectFrom('stock_fact')
      .select(['region', 'product_id', 'name', 'on_hand', 'unit_price_cents'])
      .orderBy('region')
      .orderBy('product_id')
      .execute(),
  );
  return rows.map(({ region, product_id, name, on_hand, unit_price_cents }) => ({
    region,
    product: product_id,
    name,
    onHand: on_hand,
    unitPriceCents: BigInt(unit_price_cents),
    valueCents: BigInt(on_hand) * BigInt(unit_price_cents),
  }));
}
