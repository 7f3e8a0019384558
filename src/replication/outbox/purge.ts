/** Removes events from the outbox that central has dealt with. */
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { readRelay } from '../relay/relay-row.ts';
import type { Position } from '../transport/transport.ts';
import { IS_INSTANT } from './events.ts';

export interface PurgeOptions {
  /** Events that are younger are kept, so that they can be sent again. */
  readonly keepDays: number;
  readonly now: Date;
}

/** Events a transaction, so that orders do not wait for a large purge. */
const PURGE_EVENTS = 5000;

/** A value that is no time counts as old: it must not keep the events after it for ever. */
const TIME = sql.raw(`case when ${IS_INSTANT} then occurred_at else '' end`);

const DAY_MILLISECONDS = 86_400_000;

/**
 * Follows the position of central itself, never what a transport has acknowledged.
 *
 * @returns how many were removed
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
    // what an earlier epoch has sent was sent again in this one, or central had it before this one began; up to the first
    // that is too young, whatever comes after it: what is left has no gaps, so that it can be sent again
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
