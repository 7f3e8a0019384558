/** Begins a new epoch of a region: events are sent again and replace those of earlier epochs in central. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { withRetry } from '../../database/retry.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { EpochBase } from '../events/epoch.ts';
import { MAX_EPOCH } from '../events/epoch.ts';
import { type Held, LeaseLostError, newFencingToken, type RelayRow, readRelay, whileHeld } from '../relay/relay-row.ts';
import { RELAY_STATE_ID } from '../relay/relay-state.entity.ts';
import type { SnapshotProgress } from './snapshot-source.ts';
import { wakeRelay } from './wake.ts';

export interface NewEpoch {
  /** The first sequence number of the current epoch to send again (default: everything that the region holds). */
  readonly fromSeq?: number;
  /** The new epoch is higher than this one as well. */
  readonly afterEpoch?: number;
  /** The lease of the relay that requests the epoch: its reasons may not hold once another relay ships. @internal */
  readonly held?: Held;
}

/**
 * May be called while a relay is running, which then loses its lease and restarts.
 *
 * @returns the new epoch
 * @throws MeridianError `purged` when events from that sequence number on have been purged, `usage` when the number is not assigned;
 *   LeaseLostError
 */
export async function beginEpoch(database: Database, newEpoch?: NewEpoch): Promise<number> {
  const epoch = await withRetry(database, () =>
    database.fork().transactional((em) => beginEpochIn(database, em, newEpoch)),
  );
  wakeRelay(database);
  return epoch;
}

/** Begins the epoch in the transaction of `em`. After the commit, call `wakeRelay` to ship the events immediately. */
export async function beginEpochIn(
  database: Database,
  em: EntityManager,
  { fromSeq, afterEpoch = 0, held }: NewEpoch = {},
): Promise<number> {
  const isHeld = held === undefined ? sql`1 = 1` : whileHeld(held);
  // lock the row, and revoke the lease of the relay that holds it
  const { numAffectedRows = 0n } = await sql`
    update relay_state set fence = ${newFencingToken()}, lease_until = null where id = ${RELAY_STATE_ID} and ${isHeld}`.execute(
    em.getKysely(),
  );
  if (held !== undefined && numAffectedRows === 0n) {
    throw new LeaseLostError(database.name);
  }
  const row = await readRelay(database, em);
  if (fromSeq !== undefined) {
    await refuseUnavailable(database, em, row, fromSeq);
  }
  const next = Math.max(row.epoch, afterEpoch) + 1;
  if (next > MAX_EPOCH) {
    throw new MeridianError(
      'database',
      `${database.name}: no epoch comes after ${next - 1}, and no region has reached that by itself. Restore ${row.epoch < afterEpoch ? 'the central database, whose table region_cursor names it,' : database.place} from a backup.`,
    );
  }
  // events that have not arrived are always sent
  const keep = Math.min(row.ackedSeq, (fromSeq ?? Number.POSITIVE_INFINITY) - 1);
  const { numAffectedRows: repeated = 0n } = await sql`
    update outbox_event set epoch = null, seq = null where epoch = ${row.epoch} and seq > ${keep}`.execute(
    em.getKysely(),
  );
  const progress: SnapshotProgress = { epoch: next };
  const snapshot = fromSeq === undefined ? JSON.stringify(progress) : row.snapshot;
  const base = fromSeq === undefined ? null : JSON.stringify(baseAfter(row, Number(repeated)));
  await sql`
    update relay_state
    set epoch = ${next}, next_seq = 1, acked_seq = 0, attempts = 0, next_attempt_at = null,
      snapshot = ${snapshot}, base = ${base}
    where id = ${RELAY_STATE_ID}`.execute(em.getKysely());
  return next;
}

/** The base of an epoch that repeats the given number of last events of the previous one. */
function baseAfter({ epoch, nextSeq }: RelayRow, repeated: number): EpochBase {
  const headSeq = nextSeq - 1;
  return { epoch, seq: headSeq - repeated, headSeq };
}

async function refuseUnavailable(
  database: Database,
  em: EntityManager,
  { epoch, nextSeq }: RelayRow,
  fromSeq: number,
): Promise<void> {
  if (fromSeq >= nextSeq) {
    throw new MeridianError(
      'usage',
      nextSeq === 1
        ? `${database.name}: no event of epoch ${epoch} has been sent yet, so none can come again. npx meridian sync sends what there is.`
        : `${database.name}: events 1 to ${nextSeq - 1} of epoch ${epoch} have been sent, and ${fromSeq} is not among them. Without --from, everything is sent again.`,
    );
  }
  const { rows } = await sql<{ first: number | null }>`
    select min(seq) as first from outbox_event where epoch = ${epoch}`.execute(em.getKysely());
  const first = rows[0]?.first ?? nextSeq;
  if (first > fromSeq) {
    throw new MeridianError(
      'purged',
      `${database.name}: events before ${first} have been purged, since central has them. Send everything again with --from 1.`,
    );
  }
}
