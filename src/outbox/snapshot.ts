/** Writes all that a region holds into its outbox again, a part at a time, so that orders go on meanwhile. */
import type { Database, EntityManager } from '../databases/database.ts';
import { orderEvent, regionEvent, stockEvent } from '../orders/events.ts';
import { Order } from '../orders/order.entity.ts';
import { Stock } from '../orders/stock.entity.ts';
import { heldOrders } from './held.ts';
import { writeEvents } from './write.ts';

/** How far it has got: whatever changes behind that place is told of by events of its own. */
export interface SnapshotProgress {
  /** The epoch in which it began: what central has of earlier ones when it is complete is gone from the region. */
  readonly epoch: number;
  readonly table: 'stock' | 'orders';
  /** The last primary key that was written. */
  readonly after: number;
}

/** Rows a transaction. */
const SNAPSHOT_ROWS = 2000;

/** @returns how far it is then, or nothing when it is complete, which central is told with the last event */
export async function writeSnapshot(
  database: Database,
  em: EntityManager,
  progress: SnapshotProgress,
  now: Date,
): Promise<SnapshotProgress | undefined> {
  const { table, after, epoch } = progress;
  const at = now.toISOString();
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
    await writeEvents(database, em, [regionEvent('snapshot-completed', { epoch }, at)]);
    return undefined;
  }
  const held = await heldBetween(em, after, last.id);
  await writeEvents(
    database,
    em,
    rows.filter(({ id }) => !held.has(id)).map((row) => orderEvent(row, 'resent', at)),
  );
  return { epoch, table, after: last.id };
}

/** They may be taken back out, and are told of when they stay. */
async function heldBetween(em: EntityManager, after: number, upTo: number): Promise<Set<number>> {
  const rows = await heldOrders(em)
    .where('event.aggregate_id', '>', after)
    .where('event.aggregate_id', '<=', upTo)
    .execute();
  return new Set(rows.map((row) => row.aggregate_id));
}
