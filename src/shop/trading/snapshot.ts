/** The snapshot of a region: all of its stock, orders and documents as events, written in parts, so that orders can be placed meanwhile. */
import { sql } from 'kysely';
import type { EntityManager } from '../../databases.ts';
import {
  type NewEvent,
  Outbox,
  regionOf,
  type SnapshotProgress,
  type SnapshotSource,
} from '../../replication/index.ts';
import { parseJson } from '../../types.ts';
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

/** Rows per transaction. */
const SNAPSHOT_ROWS = 2000;
/** Checkouts per transaction, which are fewer because their documents may be long. */
const SNAPSHOT_CHECKOUTS = 500;

interface Page {
  readonly events: readonly NewEvent[];
  /** The primary key of the last row; `undefined` if there are no more rows. */
  readonly last: number | string | undefined;
}

interface SnapshotTable {
  readonly name: string;
  /** A value that is less than all primary keys. */
  readonly start: number | string;
  /** @param at the time of the events: ISO 8601, UTC */
  read(em: EntityManager, region: string, after: number | string, at: string): Promise<Page>;
  /** Counts the events of rows after a primary key. */
  count(em: EntityManager, after: number | string): Promise<number>;
}

/** The tables, in the order in which they are written. */
const TABLES: readonly [SnapshotTable, ...SnapshotTable[]] = [
  {
    name: 'stock',
    start: 0,
    async read(em, _region, after, at) {
      const rows = await em.find(
        Stock,
        { productId: { $gt: Number(after) } },
        { orderBy: { productId: 'asc' }, limit: SNAPSHOT_ROWS, disableIdentityMap: true },
      );
      return { events: rows.map((row) => stockEvent(row, 'resent', at)), last: rows.at(-1)?.productId };
    },
    count: (em, after) => em.count(Stock, { productId: { $gt: Number(after) } }),
  },
  {
    name: 'orders',
    start: 0,
    async read(em, _region, after, at) {
      const rows = await em.find(
        Order,
        { id: { $gt: Number(after) } },
        { orderBy: { id: 'asc' }, limit: SNAPSHOT_ROWS, disableIdentityMap: true },
      );
      const last = rows.at(-1)?.id;
      const withheld = last === undefined ? new Set() : await withheldBetween(em, Number(after), last);
      const published = rows.filter(({ id }) => !withheld.has(id));
      return { events: published.map((row) => orderEvent(row, 'resent', at)), last };
    },
    count: (em, after) => em.count(Order, { id: { $gt: Number(after) } }),
  },
  {
    name: 'checkouts',
    start: '',
    async read(em, region, after, at) {
      const rows = await em.find(
        Checkout,
        { id: { $gt: String(after) } },
        { orderBy: { id: 'asc' }, limit: SNAPSHOT_CHECKOUTS, disableIdentityMap: true },
      );
      return { events: rows.flatMap((row) => documentEventOf(region, row, at)), last: rows.at(-1)?.id };
    },
    async count(em, after) {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from checkouts where id > ${after} and outcome like ${PLACED}`.execute(em.getKysely());
      return Number(rows[0]?.count);
    },
  },
];

export const regionSnapshots: SnapshotSource = {
  async write(database, em, progress, now) {
    const { epoch } = progress;
    const at = now.toISOString();
    const { table, after, following } = positionOf(progress);
    const { events, last } = await table.read(em, regionOf(database.name), after, at);
    if (last !== undefined) {
      await new Outbox(database).write(em, events);
      return { epoch, table: table.name, after: last };
    }
    const [next] = following;
    if (next !== undefined) {
      return { epoch, table: next.name, after: next.start };
    }
    await new Outbox(database).write(em, [regionEvent('snapshot-completed', { epoch }, at)]);
    return undefined;
  },
  async countUnwritten(em, progress) {
    const { table, after, following } = positionOf(progress);
    let count = await table.count(em, after);
    for (const next of following) {
      count += await next.count(em, next.start);
    }
    // includes the last event, which marks the snapshot as complete
    return count + 1;
  },
  async isEmpty(em) {
    const { rows } = await sql`
      select 1 where not exists (select 1 from orders) and not exists (select 1 from stock)`.execute(em.getKysely());
    return rows.length > 0;
  },
};

interface SnapshotPosition {
  readonly table: SnapshotTable;
  readonly after: number | string;
  /** The remaining tables after this one. */
  readonly following: readonly SnapshotTable[];
}

/** The current position; initially the start of the first table. */
function positionOf({ table: name, after }: SnapshotProgress): SnapshotPosition {
  const index = TABLES.findIndex((one) => one.name === name);
  const table = TABLES[index] ?? TABLES[0];
  return { table, after: after ?? table.start, following: TABLES.slice(TABLES.indexOf(table) + 1) };
}

/** A pattern for the outcomes of checkouts with a document. */
const PLACED = '{"outcome":{"result":"placed",%';

/** The document event of a checkout; none for a delivery or a refused order. */
function documentEventOf(region: string, { outcome, details }: Checkout, at: string): NewEvent[] {
  const placed = (parseJson(outcome) as { readonly outcome: Partial<Placed> }).outcome;
  if (!Array.isArray(placed.orders)) {
    return [];
  }
  const given = details === null ? {} : (parseJson(details) as Details);
  return [checkoutEvent(orderDocument(region, placed as Placed, given), 'resent', at)];
}

/** Orders of unverified loads, which the load may revert, and publishes itself if they stay. */
async function withheldBetween(em: EntityManager, after: number, upTo: number): Promise<Set<number>> {
  const rows = await withheldOrders(em)
    .where('event.aggregateId', '>', after)
    .where('event.aggregateId', '<=', upTo)
    .execute();
  return new Set(rows.map((row) => row.aggregateId));
}
