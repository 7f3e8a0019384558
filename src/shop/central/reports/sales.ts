/** What was sold, by region, product, day or country: aggregated from central's facts whenever it is asked for. */
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
  /** Only what this region sold. */
  readonly region?: string;
}

export interface Sales {
  readonly orders: number;
  readonly units: bigint;
  readonly revenueCents: bigint;
}

export interface SalesRow extends Sales {
  /** The name of a region or country, the id of a product, a day such as `2010-12-01`; `null` where orders do not say. */
  readonly key: string | number | null;
}

/** What a reader of sales should know beside the figures. */
export interface SalesNotes {
  /** Orders in the period that are not counted, since they are not confirmed yet. */
  readonly pendingOrders: number;
  /** Orders that are counted with their units, and add nothing to the revenue. */
  readonly unpricedOrders: number;
  /** Confirmed orders that are left out, for it is not known whether they were placed in the period. */
  readonly undatedOrders: number;
}

export interface SalesReport extends SalesNotes {
  /** By revenue, the greatest first, then by key; days in their order. What has no key comes last among equals. */
  readonly rows: readonly SalesRow[];
}

const KEY_COLUMNS: Readonly<Record<SalesKey, RawBuilder<SalesRow['key']>>> = {
  region: sql`region`,
  product: sql`product_id`,
  day: sql`substr(placed_at, 1, 10)`,
  country: sql`country`,
};

/**
 * Sales are confirmed orders.
 *
 * @param central connected, at its newest schema
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
