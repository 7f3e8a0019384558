/** Checks whether a region has rows that no event has published, because they are older than the outbox. */
import { sql } from 'kysely';
import type { Database } from '../../databases.ts';
import { Outbox } from '../../replication/index.ts';

/**
 * In later epochs, everything has been published. Once events of the first epoch have been purged, unpublished rows can no longer be
 * detected, and everything counts as published.
 */
export async function holdsUnpublished(database: Database): Promise<boolean> {
  const em = database.fork();
  const { epoch, nextSeq } = await new Outbox(database).state(em);
  if (epoch > 1) {
    return false;
  }
  const { rows } = await sql<{ stamped: number; unpublished: number }>`
    select
      (select count(*) from outbox_event where seq is not null) as stamped,
      (select count(*) from orders where id not in (select aggregate_id from outbox_event where aggregate = 'order')) +
      (select count(*) from stock where product_id not in (select aggregate_id from outbox_event where aggregate = 'stock'))
        as unpublished`.execute(em.getKysely());
  const { stamped = 0, unpublished = 0 } = rows[0] ?? {};
  return stamped === nextSeq - 1 && unpublished > 0;
}
