/** Orders that a populate is loading and may yet revert: nothing else may change them before they are verified. */
import type { EntityManager } from '../../database/database.ts';
import { UNDECIDED_STATES } from '../../loads/run-tables.ts';
import { MeridianError } from '../../shared/errors.ts';

interface Tables {
  outbox_event: { seq: number | null; run: string | null; aggregate: string; aggregate_id: number };
  orders_runs: { id: string; state: string };
}

/** The ids of withheld orders, as a query to be narrowed. */
export function withheldOrders(em: EntityManager) {
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

/** @throws MeridianError `locked` when one of the orders is withheld, to undo the transaction that has changed them */
export async function refuseWithheld(em: EntityManager, ids: readonly number[]): Promise<void> {
  const withheld = await withheldOrders(em).where('event.aggregate_id', 'in', ids).executeTakeFirst();
  if (withheld !== undefined) {
    throw new MeridianError(
      'locked',
      `Order ${withheld.aggregate_id} is being loaded by a populate that has not ended. Let it finish, or run the same populate again if it was stopped; then try again.`,
    );
  }
}
