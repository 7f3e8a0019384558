/** Finds out whether a region holds what no event has ever told of, because it was there before the outbox was. */
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { readRelay } from '../../replication/relay/relay-row.ts';

/**
 * Nothing is untold once everything has been sent in a later epoch. When events of the first one have been purged, it can
 * no longer be known, and is taken to be told.
 */
export async function holdsUnpublished(database: Database): Promise<boolean> {
  const em = database.fork();
  const { epoch, nextSeq } = await readRelay(database, em);
  if (epoch > 1) {
    return false;
  }
  const { rows } = await sql<{ stamped: number; untold: number }>`
    select
      (select count(*) from outbox_event where seq is not null) as stamped,
      (select count(*) from orders where id not in (select aggregate_id from outbox_event where aggregate = 'order')) +
      (select count(*) from stock where product_id not in (select aggregate_id from outbox_event where aggregate = 'stock'))
        as untold`.execute(em.getKysely());
  const { stamped = 0, untold = 0 } = rows[0] ?? {};
  return stamped === nextSeq - 1 && untold > 0;
}
