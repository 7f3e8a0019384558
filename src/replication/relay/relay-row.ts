/** Statements on the single row of `relay_state`: the shipping state of a region's outbox, and the relay that holds the lease. */

import { type RawBuilder, sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { randomBytes } from '../../shared/environment.ts';
import { MeridianError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { EpochBase } from '../events/epoch.ts';
import type { SnapshotProgress } from '../outbox/snapshot-source.ts';
import { isFreeFor, type LeaseClaim } from './lease-claim.ts';
import { RELAY_STATE_ID, RelayState } from './relay-state.entity.ts';

export interface RelayRow {
  readonly epoch: number;
  readonly nextSeq: number;
  readonly ackedSeq: number;
  readonly fencingToken: number;
  readonly leaseUntil: string | null;
  readonly paused: boolean;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastError: string | null;
  readonly snapshot: string | null;
  readonly base: string | null;
}

const COLUMNS = sql.raw(
  'epoch, next_seq as "nextSeq", acked_seq as "ackedSeq", fence as "fencingToken", lease_until as "leaseUntil", paused, attempts, ' +
    'next_attempt_at as "nextAttemptAt", last_error as "lastError", snapshot, base',
);

const FENCING_TOKEN_BYTES = 6;

/**
 * A fencing token that no relay has held before. It is random, since a database that is restored from a backup has an earlier counter, and
 * would issue the token of a running relay again.
 */
export function newFencingToken(): number {
  // 0 means that no relay has shipped the outbox yet
  return Math.max(1, randomBytes(FENCING_TOKEN_BYTES).readUIntBE(0, FENCING_TOKEN_BYTES));
}

/** The base of the epoch of a region; `undefined` when it repeats everything. */
export function baseOf({ base }: Pick<RelayRow, 'base'>): EpochBase | undefined {
  return base === null ? undefined : (parseJson(base) as EpochBase);
}

/** The progress of the current snapshot; `undefined` if there is none. */
export function snapshotOf({ snapshot }: Pick<RelayRow, 'snapshot'>): SnapshotProgress | undefined {
  return snapshot === null ? undefined : (parseJson(snapshot) as SnapshotProgress);
}

/** The state of the row, as the relay that holds the lease knows it. */
export type Held = Pick<RelayRow, 'fencingToken' | 'epoch' | 'nextSeq'>;

/**
 * Whether a relay still holds the lease of the row. Only that relay assigns sequence numbers; so if the row has a lower one than it has
 * assigned, the database was restored to an earlier state, lease and fencing token included.
 */
export function isStillHeld(held: Held, now: Held): boolean {
  return now.fencingToken === held.fencingToken && now.epoch === held.epoch && now.nextSeq >= held.nextSeq;
}

/** {@link isStillHeld} as an SQL condition. */
export function whileHeld({ fencingToken, epoch, nextSeq }: Held): RawBuilder<boolean> {
  return sql<boolean>`fence = ${fencingToken} and epoch = ${epoch} and next_seq >= ${nextSeq}`;
}

/** Another relay has taken over, or the database was restored: this relay must not write any more. */
export class LeaseLostError extends MeridianError {
  constructor(database: string) {
    super(
      'locked',
      `${database}: another relay ships its events, that of an npx meridian relay run or of a sync --watch. This one waits until that relay has ended.`,
    );
  }
}

/** @throws MeridianError `database` when the row is missing */
export async function readRelay(database: Database, em: EntityManager): Promise<RelayRow> {
  const { rows } = await sql<RelayRow>`select ${COLUMNS} from relay_state where id = ${RELAY_STATE_ID}`.execute(
    em.getKysely(),
  );
  return theRow(database, rows);
}

/**
 * Reads the row, and whether {@link takeLease} would acquire its lease. A relay that waits for the lease must only read: an update acquires
 * the write lock of an SQLite file, even if it changes no row.
 *
 * @throws MeridianError `database` when the row is missing
 */
export async function readLease(
  database: Database,
  claim: LeaseClaim,
): Promise<{ readonly row: RelayRow; readonly isFree: boolean }> {
  const { rows } = await sql<RelayRow & { readonly isFree: boolean | number }>`
    select ${COLUMNS}, ${isFreeFor(database, claim)} as "isFree" from relay_state where id = ${RELAY_STATE_ID}`.execute(
    database.outside.getKysely(),
  );
  return { row: theRow(database, rows), isFree: Boolean(rows[0]?.isFree) };
}

/**
 * Acquires the lease of a region, unless another relay holds it.
 *
 * @returns `undefined` while another relay holds the lease
 */
export async function takeLease(
  database: Database,
  leaseSeconds: number,
  claim: LeaseClaim = { fencingToken: newFencingToken() },
): Promise<RelayRow | undefined> {
  const { rows } = await sql<RelayRow>`
    update relay_state set fence = ${claim.fencingToken}, lease_until = ${leaseEnd(database, leaseSeconds)}
    where id = ${RELAY_STATE_ID} and ${isFreeFor(database, claim)}
    returning ${COLUMNS}`.execute(database.outside.getKysely());
  return rows[0] === undefined ? undefined : theRow(database, rows);
}

/**
 * Renews the lease and records that all events up to `ackedSeq` have arrived. It must be the first statement of a transaction, so that only
 * the relay that holds the lease executes the following ones.
 *
 * @throws LeaseLostError unless the lease is still held (see {@link isStillHeld})
 */
export async function renewLease(
  database: Database,
  em: EntityManager,
  held: Held,
  ackedSeq: number,
  leaseSeconds: number,
): Promise<RelayRow> {
  const { rows } = await sql<RelayRow>`
    update relay_state
    set lease_until = ${leaseEnd(database, leaseSeconds)}, acked_seq = case when acked_seq < ${ackedSeq} then ${ackedSeq} else acked_seq end
    where id = ${RELAY_STATE_ID} and ${whileHeld(held)}
    returning ${COLUMNS}`.execute(em.getKysely());
  if (rows[0] === undefined) {
    throw new LeaseLostError(database.name);
  }
  return theRow(database, rows);
}

/** The columns that a relay writes besides the lease and the arrived events. */
type RelayChange = Partial<Pick<RelayRow, keyof typeof CHANGED_COLUMNS>>;

const CHANGED_COLUMNS = {
  nextSeq: 'next_seq',
  snapshot: 'snapshot',
  attempts: 'attempts',
  nextAttemptAt: 'next_attempt_at',
  lastError: 'last_error',
} as const;

/** Changes the row under the lease. @throws LeaseLostError */
export async function changeRelay(
  database: Database,
  em: EntityManager,
  fencingToken: number,
  change: RelayChange,
): Promise<void> {
  const columns = Object.entries(change).map(
    ([name, value]) => sql`${sql.ref(CHANGED_COLUMNS[name as keyof RelayChange])} = ${value}`,
  );
  const { numAffectedRows = 0n } = await sql`
    update relay_state set ${sql.join(columns)} where id = ${RELAY_STATE_ID} and fence = ${fencingToken}`.execute(
    em.getKysely(),
  );
  if (numAffectedRows === 0n) {
    throw new LeaseLostError(database.name);
  }
}

/**
 * Records the events that central is known to have. Since that was determined, another relay may have taken over, or the database may have
 * been restored.
 *
 * @throws LeaseLostError unless the lease is still held (see {@link isStillHeld})
 */
export async function recordArrival(database: Database, held: Held, ackedSeq: number): Promise<void> {
  const { numAffectedRows = 0n } = await sql`
    update relay_state set acked_seq = ${ackedSeq} where id = ${RELAY_STATE_ID} and ${whileHeld(held)}`.execute(
    database.outside.getKysely(),
  );
  if (numAffectedRows === 0n) {
    throw new LeaseLostError(database.name);
  }
}

/** Releases the lease, so that other relays can ship immediately. Does nothing if another relay has taken over. */
export async function releaseLease(database: Database, fencingToken: number): Promise<void> {
  await database.fork().nativeUpdate(RelayState, { id: RELAY_STATE_ID, fencingToken }, { leaseUntil: null });
}

/** Pauses or resumes shipping. A running relay notices it before its next batch. */
export async function setPaused(database: Database, paused: boolean): Promise<RelayRow> {
  const em = database.fork();
  await em.nativeUpdate(RelayState, { id: RELAY_STATE_ID }, paused ? { paused } : { paused, nextAttemptAt: null });
  return readRelay(database, em);
}

/** The expiry time by the database's clock, since the clocks of relays may differ by hours. */
function leaseEnd({ engine }: Database, leaseSeconds: number): RawBuilder<unknown> {
  return sql.raw(engine.instant(leaseSeconds));
}

/** The time that is `seconds` after `now`, in ISO 8601. */
export function after(now: Date, seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

function theRow(database: Database, [row]: readonly RelayRow[]): RelayRow {
  if (row === undefined) {
    throw new MeridianError(
      'database',
      `${database.name}: the row of relay_state is gone, so it is not known what has been shipped. Restore ${database.place} from a backup.`,
    );
  }
  // SQLite has no booleans
  return { ...row, paused: Boolean(row.paused) };
}
