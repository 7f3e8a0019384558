/** Finds the next batch to publish: unpublished events with sequence numbers, or else new events, which get theirs. */
import type { Database, EntityManager } from '../../database/database.ts';
import { eventsAfter, stampEvents } from '../outbox/events.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import { regionOf } from '../region-name.ts';
import type { Batch } from '../transport/transport.ts';
import { headSeqOf, type RelayCursor } from './relay-cursor.ts';
import { baseOf, changeRelay, type RelayRow, snapshotOf } from './relay-row.ts';

export interface NextBatch {
  /** The row afterwards. */
  readonly row: RelayRow;
  /** `undefined` if there is nothing to publish now. */
  readonly batch: Batch | undefined;
}

export interface NextBatchOptions {
  /** Whether the last round has failed. */
  readonly hasFailed: boolean;
  readonly batchEvents: number;
  readonly snapshots: SnapshotSource;
  readonly now: Date;
}

/** Must be called in the transaction that has renewed the lease. */
export async function nextBatch(
  database: Database,
  em: EntityManager,
  cursor: RelayCursor,
  { batchEvents, hasFailed, snapshots, now }: NextBatchOptions,
): Promise<NextBatch> {
  const { publishedSeq } = cursor;
  const row = await forgetFailures(database, em, cursor, hasFailed);
  const { epoch, nextSeq, fencingToken, paused } = row;
  if (paused) {
    return { row, batch: undefined };
  }
  if (headSeqOf(cursor) > publishedSeq) {
    return { row, batch: batchOf(database, row, await eventsAfter(em, epoch, publishedSeq, batchEvents)) };
  }
  const change: { nextSeq?: number; snapshot?: string | null } = {};
  const snapshot = snapshotOf(row);
  if (snapshot !== undefined) {
    const then = await snapshots.write(database, em, snapshot, now);
    change.snapshot = then === undefined ? null : JSON.stringify(then);
  }
  const events = await stampEvents(database, em, epoch, nextSeq, batchEvents);
  if (events.length > 0) {
    change.nextSeq = nextSeq + events.length;
  }
  if (Object.keys(change).length > 0) {
    await changeRelay(database, em, fencingToken, change);
  }
  const changed = { ...row, ...change };
  return { row: changed, batch: batchOf(database, changed, events) };
}

/** Clears the failures in the row once a round has succeeded again, or the events have arrived anyway. */
async function forgetFailures(
  database: Database,
  em: EntityManager,
  cursor: RelayCursor,
  hasFailed: boolean,
): Promise<RelayRow> {
  const { row, publishedSeq } = cursor;
  if (row.attempts === 0 || (hasFailed && headSeqOf(cursor) > publishedSeq)) {
    return row;
  }
  const forgotten = { attempts: 0, nextAttemptAt: null, lastError: null };
  await changeRelay(database, em, row.fencingToken, forgotten);
  return { ...row, ...forgotten };
}

function batchOf({ name }: Database, row: RelayRow, events: Batch['events']): Batch | undefined {
  const { epoch, nextSeq } = row;
  const base = baseOf(row);
  const batch = { region: regionOf(name), epoch, headSeq: nextSeq - 1, events };
  return events.length === 0 ? undefined : base === undefined ? batch : { ...batch, base };
}
