/** The shipping status of a region's outbox. */
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { isReleased } from '../../loads/withheld.ts';
import { type RelayRow, readRelay, snapshotOf } from '../relay/relay-row.ts';
import { IS_INSTANT } from './events.ts';
import type { SnapshotSource } from './snapshot-source.ts';

/**
 * - `running`: a relay holds the lease
 * - `paused`: nothing is shipped until it is resumed
 * - `failing`: the last attempt failed, and the relay waits for the next one
 * - `idle`: no relay is running
 */
type RelayCondition = 'running' | 'paused' | 'failing' | 'idle';

/** The shipping status of an outbox. */
export interface OutboxStatus {
  /** Events that have not arrived, including those that a snapshot has not written yet. */
  readonly unshipped: number;
  /** Events of populates whose references are not checked yet; they are shipped afterwards. */
  readonly held: number;
  /** The age of the oldest event that has not arrived; 0 if all have. */
  readonly lagSeconds: number;
  readonly relay: RelayCondition;
  readonly epoch: number;
  /** The sequence number of the last arrived event. */
  readonly ackedSeq: number;
  readonly lastError: string | null;
}

interface Figures {
  readonly released: number;
  readonly unstamped: number;
  readonly oldest: string | null;
  /** A number on engines without booleans. */
  readonly leased: boolean | number;
}

/** @param database open, without pending migrations */
export async function outboxStatus(database: Database, snapshots: SnapshotSource, now: Date): Promise<OutboxStatus> {
  try {
    const em = database.fork();
    const row = await readRelay(database, em);
    const { rows } = await sql<Figures>`
      select
        (select count(*) from outbox_event where seq is null) as unstamped,
        (select count(*) from outbox_event where seq is null and ${isReleased(database)}) as released,
        (select occurred_at from outbox_event
          where ${sql.raw(IS_INSTANT)} and ((epoch = ${row.epoch} and seq > ${row.ackedSeq}) or (seq is null and ${isReleased(database)}))
          order by occurred_at limit 1) as oldest,
        exists (select 1 from relay_state where lease_until > ${sql.raw(database.engine.instant(0))}) as leased`.execute(
      em.getKysely(),
    );
    const { released, unstamped, oldest, leased } = rows[0] as Figures;
    const snapshot = snapshotOf(row);
    const unwritten = snapshot === undefined ? 0 : await snapshots.countUnwritten(em, snapshot);
    return {
      unshipped: row.nextSeq - 1 - row.ackedSeq + released + unwritten,
      held: unstamped - released,
      lagSeconds: oldest === null ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest)) / 1000),
      relay: conditionOf(row, Boolean(leased)),
      epoch: row.epoch,
      ackedSeq: row.ackedSeq,
      lastError: row.lastError,
    };
  } catch (error) {
    throw database.explain(error);
  }
}

function conditionOf({ paused, attempts }: RelayRow, isLeased: boolean): RelayCondition {
  if (paused) {
    return 'paused';
  }
  if (attempts > 0) {
    return 'failing';
  }
  return isLeased ? 'running' : 'idle';
}
