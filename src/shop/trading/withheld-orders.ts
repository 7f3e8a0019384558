/** Withheld orders, which a populate has loaded and may still revert. They must not be changed before they are verified. */
import { sql } from 'kysely';
import { type EntityManager, entityTables } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { isReleased, type OutboxEvent } from '../../replication/index.ts';
import { orders } from '../catalog.ts';

/** A query for the ids of withheld orders, to be restricted further. */
export function withheldOrders(em: EntityManager) {
  return entityTables<typeof OutboxEvent>(em)
    .selectFrom('OutboxEvent as event')
    .where('event.aggregate', '=', 'order')
    .where('event.seq', 'is', null)
    .where(sql<boolean>`not ${isReleased(orders)}`)
    .select('event.aggregateId');
}

/** @throws MeridianError `locked` if one of the orders is withheld, which rolls back the transaction that has changed it */
export async function refuseWithheld(em: EntityManager, ids: readonly number[]): Promise<void> {
  const withheld = await withheldOrders(em).where('event.aggregateId', 'in', ids).executeTakeFirst();
  if (withheld !== undefined) {
    throw new MeridianError(
      'locked',
      `Order ${withheld.aggregateId} is being loaded by a populate that has not ended. Let it finish, or run the same populate again if it was stopped; then try again.`,
    );
  }
}
