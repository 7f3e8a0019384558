/** No order is cancelled that nobody asked to cancel, unless its user or product does not exist; and none is pending any more. */
import { PRODUCT_IDS, USER_IDS } from '../parts/files.ts';
import { ordersDatabase } from '../plan.ts';
import type { World } from '../world.ts';

interface OrderRow {
  readonly id: number;
  readonly user: number;
  readonly product: number;
  readonly key: string;
  readonly status: string;
}

export function wrongCancellations({ views, answers }: World, region: string): string[] {
  const rows = views.rows<OrderRow>(
    ordersDatabase(region),
    "select id, user_id as user, product_id as product, checkout_id as key, status from orders where status <> 'confirmed'",
  );
  return rows.flatMap(({ id, user, product, key, status }) => {
    const exists = USER_IDS.some((one) => one === user) && PRODUCT_IDS.some((one) => one === product);
    if (status === 'pending') {
      return [`${region}: order ${id} is pending`];
    }
    return exists && !answers.isCancellationRequested(region, key)
      ? [`${region}: order ${id} (${key}) is cancelled, which was not asked for`]
      : [];
  });
}
