/** What central reports of a region is the sum of the region's orders. */
import { CENTRAL, ordersDatabase } from '../plan.ts';
import type { World } from '../world.ts';

interface Sums {
  readonly orders: number;
  readonly cents: number;
}

const SUMS = 'select count(*) as orders, coalesce(sum(quantity * unit_price_cents), 0) as cents from';

export function wrongReports({ views }: World, region: string): string[] {
  const here = views.row<Sums>(ordersDatabase(region), `${SUMS} orders where status = 'confirmed'`);
  const there = views.row<Sums>(CENTRAL, `${SUMS} order_fact where region = ? and status = 'confirmed'`, region);
  return here?.orders === there?.orders && here?.cents === there?.cents
    ? []
    : [
        `${region}: ${here?.orders} orders of ${here?.cents} cents, central reports ${there?.orders} of ${there?.cents}`,
      ];
}
