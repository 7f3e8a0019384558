/** Orders that a populate is bringing in and may yet take out again: nothing else may change them before it is decided. */
import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { MeridianError } from '../shared/errors.ts';
import { UNDECIDED_STATES } from './run-tables.ts';

interface Tables {
  outbox_event: { seq: number | null; run: string | null; aggregate: string; aggregate_id: number };
  orders_runs: { id: string; state: string };
}

/** Which events of the outbox may be told: what a populate writes is held back until its references are checked. */
export const IS_RELEASED = sql.raw(
  `(run is null or run not in (select id from orders_runs where state in (${UNDECIDED_STATES.map((state) => `'${state}'`).join(', ')})))`,
);

/** The ids of held orders, as a query to be narrowed. */
export function heldOrders(em: EntityManager) {
  return em
    .getKysely<Tables>()
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
  const held = await heldOrders(em).where('event.aggregate_id', 'in', ids).executeTakeFirst();
  if (held !== undefined) {
    throw new MeridianError(
      'locked',
      `Order ${held.aggregate_id} is being loaded by a populate that has not ended. Let it finish, or run the same populate again if it was stopped; then try again.`,
    );
  }
}
