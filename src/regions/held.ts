/** Orders that a populate is bringing in and may yet take out again: nothing else may change them before it is decided. */
import type { Kysely } from 'kysely';
import type { EntityManager } from '../databases/database.ts';
import type { RunState } from '../databases/run-tables.ts';
import { MeridianError } from '../errors.ts';
import { type RegionTables, tablesOf } from './tables.ts';

/** While a run is in one of these, the references of what it brings in are not checked. */
export const UNDECIDED_STATES: readonly RunState[] = ['loading', 'loaded', 'stopping'];

/** The ids of held orders, as a query to be narrowed. */
export function heldOrders(tables: Kysely<RegionTables>) {
  return tables
    .selectFrom('outbox_event as event')
    .innerJoin('orders_runs as run', 'run.id', 'event.run')
    .where('event.aggregate', '=', 'order')
    .where('event.seq', 'is', null)
    .where('event.run', 'is not', null)
    .where('run.state', 'in', UNDECIDED_STATES)
    .select('event.aggregate_id');
}

/** @throws MeridianError `locked` when one of the orders is held, to undo the transaction that has changed them */
export async function refuseHeld(em: EntityManager, ids: readonly number[]): Promise<void> {
  const held = await heldOrders(tablesOf(em)).where('event.aggregate_id', 'in', ids).executeTakeFirst();
  if (held !== undefined) {
    throw new MeridianError(
      'locked',
      `Order ${held.aggregate_id} is being loaded by a populate that has not ended. Let it finish, or run the same populate again if it was stopped; then try again.`,
    );
  }
}
