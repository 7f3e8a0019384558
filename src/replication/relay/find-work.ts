/** Checks, without writing, whether a relay has anything to do; usually it has not. */
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { isReleased } from '../../loads/withheld.ts';
import type { Lease } from './lease.ts';
import { headSeqOf, type RelayCursor } from './relay-cursor.ts';
import { type Held, isStillHeld, LeaseLostError } from './relay-row.ts';
import { RELAY_STATE_ID } from './relay-state.entity.ts';

export interface FoundWork {
  readonly cursor: RelayCursor;
  readonly isAny: boolean;
}

/** @throws LeaseLostError */
export async function findWork(
  database: Database,
  cursor: RelayCursor,
  { isHalfOver }: Pick<Lease, 'isHalfOver'>,
): Promise<FoundWork> {
  const { row, ackedSeq, publishedSeq } = cursor;
  const isToBeWritten = ackedSeq > row.ackedSeq || (row.attempts > 0 && !row.paused);
  if (isToBeWritten || isHalfOver) {
    return { cursor, isAny: true };
  }
  const { rows } = await sql<Held & { paused: boolean; snapshot: string | null; waiting: number | null }>`
    select fence as "fencingToken", epoch, next_seq as "nextSeq", paused, snapshot,
      (select id from outbox_event where seq is null and ${isReleased(database)} limit 1) as waiting
    from relay_state where id = ${RELAY_STATE_ID}`.execute(database.outside.getKysely());
  const [now] = rows;
  if (now === undefined || !isStillHeld(row, now)) {
    throw new LeaseLostError(database.name);
  }
  const { paused, snapshot, waiting } = now;
  const isAny = !paused && (waiting !== null || snapshot !== null || headSeqOf(cursor) > publishedSeq);
  return { cursor: { ...cursor, row: { ...row, paused: Boolean(paused), snapshot } }, isAny };
}
