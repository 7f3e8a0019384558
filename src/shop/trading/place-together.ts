/**
 * Places the orders of several callers together, where only one transaction at a time can write: their rows are read and written in shared
 * statements. No other transaction writes in between, so the orders are decided here in memory, one after another, with the same result as
 * separate transactions.
 */
import { type EntityManager, insertWithNextKeys, type Row } from '../../databases.ts';
import { type NewEvent, Outbox } from '../../replication/index.ts';
import { timestamp } from '../../types.ts';
import { Order } from '../orders/order.entity.ts';
import { Checkout } from './checkout.entity.ts';
import { checkoutsOf, type Kept, type Repeatable, readKept } from './checkout.ts';
import { isReadableStock } from './events/stock-event.ts';
import type { Outcome } from './group-commit.ts';
import type { CheckedRequest } from './order-request.ts';
import {
  draftsOf,
  type OrderOutcome,
  type PlacedOrder,
  placedEvents,
  placedOrder,
  type RefusedOrder,
  reasonOf,
  refusedOrder,
} from './placed-order.ts';
import type { Region } from './region.ts';
import { Stock } from './stock.entity.ts';
import type { Shortage } from './take-stock.ts';

/** An order to be placed together with others. */
export interface Placement {
  readonly region: Region;
  readonly request: CheckedRequest;
  readonly status: PlacedOrder['status'];
  /** The id of the call. */
  readonly call: string;
  /** Runs work in the span of the call. */
  inSpan<T>(work: () => T): T;
}

/** Thrown if some of the orders cannot be placed together with others. */
class OneByOneError extends Error {}

/** The decision on an order: the remaining stock of its products, or its outcome. */
type Decision = { readonly stock: readonly Stock[] } | Outcome<OrderOutcome> | { readonly refused: RefusedOrder };

/**
 * @param placements in one region
 * @returns the outcome of each
 * @throws OneByOneError if the orders must be placed one by one
 */
export async function placeTogether(
  em: EntityManager,
  placements: readonly Placement[],
): Promise<readonly Outcome<OrderOutcome>[]> {
  const [{ region }] = placements as readonly [Placement, ...Placement[]];
  const { name, database } = region;
  const keys = placements.map(({ request }) => request.claim.key);
  if (new Set(keys).size < keys.length) {
    throw new OneByOneError('a key comes twice');
  }
  const at = timestamp();
  // 1. exclude other writers
  await database.lockTable(em, Checkout);
  // 2. read checkouts and stock
  const checkouts = await checkoutsOf(database, em, keys);
  const stock = await stockOf(region, em, placements);
  // 3. decide on each order
  const decisions = placements.map((placement): Decision => {
    const row = checkouts.get(placement.request.claim.key);
    return row === undefined ? decide(placement, stock) : repeated(placement, row);
  });
  // 4. insert the orders, which assigns their ids
  const drafts = placements.flatMap(({ request, status }, index) => {
    const decision = decisions[index] as Decision;
    return 'stock' in decision ? draftsOf(request, status, at, decision.stock) : [];
  });
  const orders = drafts.length === 0 ? [] : await insertWithNextKeys(database, em, Order, drafts);
  const ordersByKey = Map.groupBy(orders, ({ checkoutId }) => checkoutId);
  // 5. make outcomes and events
  const events: NewEvent[] = [];
  const kept: Row[] = [];
  const outcomes = placements.map((placement, index): Outcome<OrderOutcome> => {
    const { request, status, call, inSpan } = placement;
    const { claim, details } = request;
    const decision = decisions[index] as Decision;
    if ('value' in decision || 'error' in decision) {
      return decision;
    }
    let outcome: PlacedOrder | RefusedOrder;
    if ('refused' in decision) {
      outcome = decision.refused;
    } else {
      const own = (ordersByKey.get(claim.key) ?? []).sort((a, b) => a.productId - b.productId);
      const placed = placedOrder(request, status, at, own, decision.stock);
      events.push(...inSpan(() => placedEvents(name, placed, own, decision.stock, details)));
      outcome = placed;
    }
    // no caller knows a generated key, so a refusal need not be stored
    if (claim.isGiven || outcome.result === 'placed') {
      const text = JSON.stringify({ outcome, returned: [], call } satisfies Kept<typeof outcome>);
      kept.push({ id: claim.key, request: claim.request, outcome: text, placedAt: at, details: claim.details ?? null });
    }
    return { value: { ...outcome, isRepeated: false } };
  });
  // 6. write stock, checkouts and events
  await writeStock(region, em, decisions);
  if (!(await database.bulk(Checkout).insertAll(em, kept))) {
    throw new Error(`${name}: a key that was free is taken`);
  }
  await new Outbox(database).write(em, events);
  return outcomes;
}

/** Product id -> stock. @throws OneByOneError if remaining stock cannot be computed in JavaScript */
async function stockOf(
  { database }: Region,
  em: EntityManager,
  placements: readonly Placement[],
): Promise<Map<number, Stock>> {
  const ids = new Set(placements.flatMap(({ request }) => request.lines.map(({ productId }) => productId)));
  const rows = (await database.bulk(Stock).findByPrimaryKey(em, [...ids])) as unknown as readonly Stock[];
  if (!rows.every(({ onHand, version }) => Number.isSafeInteger(onHand) && Number.isSafeInteger(version))) {
    throw new OneByOneError('what is left of a product cannot be computed');
  }
  return new Map(rows.map((row) => [row.productId, row]));
}

/** Takes all products of an order from stock, or none. */
function decide({ region, request }: Placement, stock: Map<number, Stock>): Decision {
  const { lines, claim } = request;
  const shortages = lines.flatMap((line): Shortage | readonly [] => {
    const onHand = stock.get(line.productId)?.onHand ?? null;
    return onHand === null || onHand < line.quantity ? { ...line, onHand } : [];
  });
  if (shortages.length > 0) {
    const reasons = shortages.map((shortage) => reasonOf(region.name, shortage));
    return { refused: refusedOrder(claim.key, reasons) };
  }
  const left = lines.map(({ productId, quantity }): Stock => {
    const row = stock.get(productId) as Stock;
    return { ...row, onHand: row.onHand - quantity, version: row.version + 1 };
  });
  if (!left.every(isReadableStock)) {
    throw new OneByOneError('a row of stock has been changed by hand');
  }
  for (const row of left) {
    stock.set(row.productId, row);
  }
  return { stock: left };
}

/** The outcome of an earlier request with this key. */
function repeated({ region, request, call }: Placement, row: Parameters<typeof readKept>[2]): Decision {
  try {
    const kept = readKept<PlacedOrder | RefusedOrder>(region.database, request.claim, row);
    const outcome: OrderOutcome & Repeatable = { ...kept.outcome, isRepeated: kept.call !== call };
    return { value: outcome };
  } catch (error) {
    return { error };
  }
}

/** @throws Error when a row was not written */
async function writeStock(
  { name, database }: Region,
  em: EntityManager,
  decisions: readonly Decision[],
): Promise<void> {
  const taken = decisions.flatMap((decision) => ('stock' in decision ? decision.stock : []));
  // the last row of each product has its final state
  const rows = [...new Map(taken.map((row) => [row.productId, row])).values()];
  const count = await database.bulk(Stock).update(em, rows as unknown as readonly Row[], ['onHand', 'version']);
  if (count !== rows.length) {
    throw new Error(`${name}: stock that was there could not be taken`);
  }
}
