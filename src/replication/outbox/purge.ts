/** Deletes events from the outbox that central has processed. */
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { readRelay } from '../relay/relay-row.ts';
import type { Position } from '../transport/transport.ts';
import { IS_INSTANT } from './events.ts';

export interface PurgeOptions {
  /** Younger events are kept, so that they can be sent again. */
  readonly keepDays: number;
  readonly now: Date;
}

/** Events per transaction, so that a large purge does not block orders. */
const PURGE_EVENTS = 5000;

/** An invalid time counts as old: otherwise the event would prevent the purge of those after it. */
const TIME = sql.raw(`case when ${IS_INSTANT} then occurred_at else '' end`);

const DAY_MILLISECONDS = 86_400_000;

/**
 * Deletes events up to the position that central itself reports. Acknowledgements of the transport do not count.
 *
 * @returns the number of deleted events
 */
export async function purge(
  database: Database,
  position: Position | undefined,
  { keepDays, now }: PurgeOptions,
): Promise<number> {
  const em = database.fork();
  const { epoch } = await readRelay(database, em);
  if (position === undefined || position.epoch !== epoch) {
    return 0;
  }
  const before = new Date(now.getTime() - keepDays * DAY_MILLISECONDS).toISOString();
  let purged = 0;
  for (;;) {
    // events of earlier epochs were sent again in this one, or central had them before it began; the purge stops at the first event that is
    // too young, so that the remaining events have no gaps and can be sent again
    const { numAffectedRows = 0n } = await sql`
      delete from outbox_event where id in (
        select id from (
          select id, max(occurred_at) over (order by epoch, seq) as newest from (
            select id, epoch, seq, ${TIME} as occurred_at from outbox_event
            where seq is not null and (epoch, seq) <= (${epoch}, ${position.seq})
            order by epoch, seq limit ${PURGE_EVENTS}
          ) as page
        ) as oldest
        where newest <= ${before})`.execute(em.getKysely());
    purged += Number(numAffectedRows);
    if (numAffectedRows < BigInt(PURGE_EVENTS)) {
      return purged;
    }
  }
}
