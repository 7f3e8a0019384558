/** The sales report by region, product, day or country, aggregated from central's facts for each request. */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../../databases.ts';
import { byRevenue, compareKeys } from './order.ts';
import type { Period } from './period.ts';
import { centsOf, revenueSum } from './revenue.ts';
import { read } from './tables.ts';

export const SALES_KEYS = ['region', 'product', 'day', 'country'] as const;
export type SalesKey = (typeof SALES_KEYS)[number];

export interface SalesOptions extends Period {
  readonly by: SalesKey;
  /** Restricts the report to the sales of this region. */
  readonly region?: string;
}

export interface Sales {
  readonly orders: number;
  readonly units: bigint;
  readonly revenueCents: bigint;
}

export interface SalesRow extends Sales {
  /** A region or country name, a product id, or a day such as `2010-12-01`; `null` if orders do not have it. */
  readonly key: string | number | null;
}

/** Notes that qualify the figures. */
export interface SalesNotes {
  /** Orders in the period that are not counted because they are not confirmed yet. */
  readonly pendingOrders: number;
  /** Orders without a price, whose units are counted but which add nothing to the revenue. */
  readonly unpricedOrders: number;
  /** Confirmed orders that are not counted because they have no date, which may be within the period. */
  readonly undatedOrders: number;
}

export interface SalesReport extends SalesNotes {
  /** Sorted by revenue in descending order, then by key; days are sorted chronologically. Among equals, rows without a key are last. */
  readonly rows: readonly SalesRow[];
}

const KEY_COLUMNS: Readonly<Record<SalesKey, RawBuilder<SalesRow['key']>>> = {
  region: sql`region`,
  product: sql`product_id`,
  day: sql`substr(placed_at, 1, 10)`,
  country: sql`country`,
};

/**
 * Reports sales, which are confirmed orders.
 *
 * @param central connected, without pending migrations
 * @throws MeridianError `database` or `locked`
 */
export async function salesReport(central: Database, options: SalesOptions): Promise<SalesReport> {
  const { by, from, to, region } = options;
  const groups = await read(central, (tables) =>
    tables
      .selectFrom('OrderFact')
      .select(KEY_COLUMNS[by].as('key'))
      .select([
        'status',
        sql<number>`count(*)`.as('orders'),
        sql<number>`count(*) - count(unit_price_cents)`.as('unpriced'),
        sql<string>`cast(sum(quantity) as text)`.as('units'),
        revenueSum().as('cents'),
      ])
      .where('status', 'in', ['confirmed', 'pending'])
      .$if(region !== undefined, (query) => query.where('region', '=', region ?? ''))
      .$if(from !== undefined, (query) => query.where('placedAt', '>=', from ?? ''))
      .$if(to !== undefined, (query) => query.where('placedAt', '<=', to ?? ''))
      .groupBy(['key', 'status'])
      .execute(),
  );
  const confirmed = groups.filter(({ status }) => status === 'confirmed');
  const pending = groups.filter(({ status }) => status === 'pending');
  const rows = confirmed.map(
    ({ key, orders, units, cents }): SalesRow => ({ key, orders, units: BigInt(units), revenueCents: centsOf(cents) }),
  );
  rows.sort((one, other) => (by === 'day' ? 0 : byRevenue(one, other)) || compareKeys(one.key, other.key));
  return {
    rows,
    pendingOrders: pending.reduce((sum, { orders }) => sum + orders, 0),
    unpricedOrders: confirmed.reduce((sum, { unpriced }) => sum + unpriced, 0),
    undatedOrders: from === undefined && to === undefined ? 0 : await countUndated(central, region),
  };
}

async function countUndated(central: Database, region: string | undefined): Promise<number> {
  const { orders } = await read(central, (tables) =>
    tables
      .selectFrom('OrderFact')
      .select(sql<number>`count(*)`.as('orders'))
      .where('status', '=', 'confirmed')
      .where('placedAt', 'is', null)
      .$if(region !== undefined, (query) => query.where('region', '=', region ?? ''))
      .executeTakeFirstOrThrow(),
  );
  return orders;
}
