/** Stock is never below zero, and equal to what was received, less what was sold and not returned. */

import { regionOfDatabase } from '../plan.ts';
import type { CommitOracle } from './oracle.ts';

interface StockRow {
  readonly product: number;
  readonly onHand: number;
  readonly received: number;
  readonly sold: number;
}

const STOCK = `
  select product_id as product, on_hand as onHand,
    (select coalesce(sum(json_extract(outcome, '$.outcome.received')), 0) from checkouts
      where json_extract(outcome, '$.outcome.productId') = stock.product_id) as received,
    (select coalesce(sum(quantity), 0) from orders
      where product_id = stock.product_id and status <> 'cancelled' and checkout_id in (select id from checkouts)) as sold
  from stock`;

export const stockOracle = (): CommitOracle => ({
  name: 'stock',
  tables: ['stock', 'orders', 'checkouts'],
  check(views, commit) {
    if (regionOfDatabase(commit.database) === undefined) {
      return undefined;
    }
    const wrong = views
      .rows<StockRow>(commit.database, STOCK)
      .find(({ onHand, received, sold }) => onHand < 0 || onHand !== received - sold);
    return (
      wrong &&
      `${commit.database}: ${wrong.onHand} of product ${wrong.product} are on hand, ${wrong.received} were received and ${wrong.sold} sold`
    );
  },
});
