/** What a region's database says of itself: what it holds, and how far its outbox has been shipped. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { isReleased } from '../../loads/withheld.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { SnapshotProgress } from '../../shop/trading/snapshot.ts';
import { type RelayRow, readRelay } from '../relay/relay-row.ts';
import { IS_INSTANT } from './events.ts';

/**
 * - `running`: a relay holds the lease
 * - `paused`: nothing is shipped until it is resumed
 * - `failing`: the last attempt failed, and the next one is waited for
 * - `idle`: no relay is at work
 */
export type RelayCondition = 'running' | 'paused' | 'failing' | 'idle';

export interface RegionStatus {
  readonly orders: number;
  /** Orders whose user or product could not be checked yet. */
  readonly pending: number;
  /** Products in stock. */
  readonly products: number;
  /** Pieces of them. */
  readonly onHand: number;
  /** Events that have not arrived, those included that are still to be written because everything is sent again. */
  readonly unshipped: number;
  /** Events of a populate whose references are not checked yet; they are not shipped before. */
  readonly held: number;
  /** Since the oldest event occurred that has not arrived; 0 when all have. */
  readonly lagSeconds: number;
  readonly relay: RelayCondition;
  readonly epoch: number;
  /** The place of the last event that has arrived. */
  readonly ackedSeq: number;
  readonly lastError: string | null;
}

interface Figures {
  readonly orders: number;
  readonly pending: number;
  readonly products: number;
  readonly onHand: number | null;
  readonly released: number;
  readonly unstamped: number;
  readonly oldest: string | null;
  /** A number where there are no booleans. */
  readonly leased: boolean | number;
}

/** @param database open, at its newest schema */
export async function regionStatus(database: Database, now = new Date()): Promise<RegionStatus> {
  try {
    const em = database.fork();
    const row = await readRelay(database, em);
    const { rows } = await sql<Figures>`
      select
        (select count(*) from orders) as orders,
        (select count(*) from orders where status = 'pending') as pending,
        (select count(*) from stock) as products,
        (select cast(sum(on_hand) as bigint) from stock) as "onHand",
        (select count(*) from outbox_event where seq is null) as unstamped,
        (select count(*) from outbox_event where seq is null and ${isReleased(database)}) as released,
        (select occurred_at from outbox_event
          where ${sql.raw(IS_INSTANT)} and ((epoch = ${row.epoch} and seq > ${row.ackedSeq}) or (seq is null and ${isReleased(database)}))
          order by occurred_at limit 1) as oldest,
        exists (select 1 from relay_state where lease_until > ${sql.raw(database.engine.instant(0))}) as leased`.execute(
      em.getKysely(),
    );
    const { orders, pending, products, onHand, released, unstamped, oldest, leased } = rows[0] as Figures;
    return {
      orders,
      pending,
      products,
      onHand: onHand ?? 0,
      unshipped: row.nextSeq - 1 - row.ackedSeq + released + (await unwritten(em, row)),
      held: unstamped - released,
      lagSeconds: oldest === null ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest)) / 1000),
      relay: conditionOf(row, Boolean(leased)),
      epoch: row.epoch,
      ackedSeq: row.ackedSeq,
      lastError: row.lastError,
    };
  } catch (error) {
    throw database.explain(error);
  }
}

/** How the outcome of a checkout begins that has a document. */
const PLACED = '{"outcome":{"result":"placed",%';

/** Events that a snapshot which is under way has still to write. */
async function unwritten(em: EntityManager, { snapshot }: RelayRow): Promise<number> {
  if (snapshot === null) {
    return 0;
  }
  const { table, after } = parseJson(snapshot) as SnapshotProgress;
  // stock first, then orders, then checkouts
  const product = table === 'stock' ? Number(after) : Number.MAX_SAFE_INTEGER;
  const order = { stock: 0, orders: Number(after), checkouts: Number.MAX_SAFE_INTEGER }[table];
  const checkout = table === 'checkouts' ? String(after) : '';
  const { rows } = await sql<{ orders: number; products: number; checkouts: number }>`
    select
      (select count(*) from orders where id > ${order}) as orders,
      (select count(*) from stock where product_id > ${product}) as products,
      (select count(*) from checkouts where id > ${checkout} and outcome like ${PLACED}) as checkouts`.execute(
    em.getKysely(),
  );
  const { orders = 0, products = 0, checkouts = 0 } = rows[0] ?? {};
  // the last one tells that it is complete
  return orders + products + checkouts + 1;
}

function conditionOf({ paused, attempts }: RelayRow, isLeased: boolean): RelayCondition {
  if (paused) {
    return 'paused';
  }
  if (attempts > 0) {
    return 'failing';
  }
  return isLeased ? 'running' : 'idle';
}
