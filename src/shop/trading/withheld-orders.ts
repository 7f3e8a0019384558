/** Orders that a populate is loading and may yet revert: nothing else may change them before they are verified. */
import { sql } from 'kysely';
import { type EntityManager, entityTables } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { isReleased, type OutboxEvent } from '../../replication/index.ts';
import { orders } from '../catalog.ts';

/** The ids of withheld orders, as a query to be narrowed. */
export function withheldOrders(em: EntityManager) {
  return entityTables<typeof OutboxEvent>(em)
    .selectFrom('OutboxEvent as event')
    .where('event.aggregate', '=', 'order')
    .where('event.seq', 'is', null)
    .where(sql<boolean>`not ${isReleased(orders)}`)
    .select('event.aggregateId');
}

/** @throws MeridianError `locked` when one of the orders is withheld, to undo the transaction that has changed them */
export async function refuseWithheld(em: EntityManager, ids: readonly number[]): Promise<void> {
  const withheld = await withheldOrders(em).where('event.aggregateId', 'in', ids).executeTakeFirst();
  if (withheld !== undefined) {
    throw new MeridianError(
      'locked',
      `Order ${withheld.aggregateId} is being loaded by a populate that has not ended. Let it finish, or run the same populate again if it was stopped; then try again.`,
    );
  }
}
