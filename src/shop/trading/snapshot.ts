/** Writes all that a region holds into its outbox again, a part at a time, so that orders go on meanwhile. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { NewEvent } from '../../replication/events/event.ts';
import { writeEvents } from '../../replication/outbox/write.ts';
import { regionOf } from '../../replication/region-name.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { Details } from '../documents/model/details.ts';
import { orderDocument, type Placed } from '../documents/model/order-document.ts';
import { Order } from '../orders/order.entity.ts';
import { Checkout } from './checkout.entity.ts';
import { checkoutEvent } from './events/checkout-event.ts';
import { orderEvent } from './events/order-event.ts';
import { regionEvent } from './events/region-event.ts';
import { stockEvent } from './events/stock-event.ts';
import { Stock } from './stock.entity.ts';
import { withheldOrders } from './withheld-orders.ts';

/** How far it has got: whatever changes behind that place is told of by events of its own. */
export interface SnapshotProgress {
  /** The epoch in which it began: what central has of earlier ones when it is complete is gone from the region. */
  readonly epoch: number;
  readonly table: 'stock' | 'orders' | 'checkouts';
  /** The last primary key that was written. */
  readonly after: number | string;
}

/** Rows a transaction. */
const SNAPSHOT_ROWS = 2000;
/** The same of checkouts, whose documents may be long. */
const SNAPSHOT_CHECKOUTS = 500;

/** @returns how far it is then, or nothing when it is complete, which central is told with the last event */
export async function writeSnapshot(
  database: Database,
  em: EntityManager,
  progress: SnapshotProgress,
  now: Date,
): Promise<SnapshotProgress | undefined> {
  const { table, epoch } = progress;
  const at = now.toISOString();
  if (table === 'checkouts') {
    const after = await writeCheckouts(database, em, String(progress.after), at);
    if (after === undefined) {
      await writeEvents(database, em, [regionEvent('snapshot-completed', { epoch }, at)]);
    }
    return after === undefined ? undefined : { epoch, table, after };
  }
  const after = Number(progress.after);
  const page = { limit: SNAPSHOT_ROWS, disableIdentityMap: true } as const;
  if (table === 'stock') {
    const rows = await em.find(Stock, { productId: { $gt: after } }, { orderBy: { productId: 'asc' }, ...page });
    await writeEvents(
      database,
      em,
      rows.map((row) => stockEvent(row, 'resent', at)),
    );
    const last = rows.at(-1);
    return last === undefined ? { epoch, table: 'orders', after: 0 } : { epoch, table, after: last.productId };
  }
  const rows = await em.find(Order, { id: { $gt: after } }, { orderBy: { id: 'asc' }, ...page });
  const last = rows.at(-1);
  if (last === undefined) {
    return { epoch, table: 'checkouts', after: '' };
  }
  const withheld = await withheldBetween(em, after, last.id);
  await writeEvents(
    database,
    em,
    rows.filter(({ id }) => !withheld.has(id)).map((row) => orderEvent(row, 'resent', at)),
  );
  return { epoch, table, after: last.id };
}

/** @returns the last key of those that were written, or nothing when none were left */
async function writeCheckouts(
  database: Database,
  em: EntityManager,
  after: string,
  at: string,
): Promise<string | undefined> {
  const rows = await em.find(
    Checkout,
    { id: { $gt: after } },
    { orderBy: { id: 'asc' }, limit: SNAPSHOT_CHECKOUTS, disableIdentityMap: true },
  );
  const region = regionOf(database.name);
  await writeEvents(
    database,
    em,
    rows.flatMap((row) => documentEventOf(region, row, at)),
  );
  return rows.at(-1)?.id;
}

/** None for a delivery, or an order that was refused. */
function documentEventOf(region: string, { outcome, details }: Checkout, at: string): NewEvent[] {
  const placed = (parseJson(outcome) as { readonly outcome: Partial<Placed> }).outcome;
  if (!Array.isArray(placed.orders)) {
    return [];
  }
  const given = details === null ? {} : (parseJson(details) as Details);
  return [checkoutEvent(orderDocument(region, placed as Placed, given), 'resent', at)];
}

/** They may be taken back out, and are told of when they stay. */
async function withheldBetween(em: EntityManager, after: number, upTo: number): Promise<Set<number>> {
  const rows = await withheldOrders(em)
    .where('event.aggregate_id', '>', after)
    .where('event.aggregate_id', '<=', upTo)
    .execute();
  return new Set(rows.map((row) => row.aggregate_id));
}
