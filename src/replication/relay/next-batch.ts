/** What a relay publishes next: events that have their places and were not published, or else the next ones, which get theirs. */
import type { Database, EntityManager } from '../../database/database.ts';
import { eventsAfter, stampEvents } from '../outbox/events.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import { regionOf } from '../region-name.ts';
import type { Batch } from '../transport/transport.ts';
import { baseOf, changeRelay, type RelayRow, snapshotOf } from './relay-row.ts';

export interface NextBatch {
  /** The row as it is left. */
  readonly row: RelayRow;
  /** Nothing when there is nothing to publish now. */
  readonly batch: Batch | undefined;
}

export interface NextBatchOptions {
  /** The last event that needs no publishing any more. */
  readonly publishedSeq: number;
  readonly batchEvents: number;
  readonly snapshots: SnapshotSource;
  readonly now: Date;
}

/** In a transaction in which the lease has been renewed. */
export async function nextBatch(
  database: Database,
  em: EntityManager,
  row: RelayRow,
  { publishedSeq, batchEvents, snapshots, now }: NextBatchOptions,
): Promise<NextBatch> {
  const { epoch, nextSeq, fence, paused } = row;
  if (paused) {
    return { row, batch: undefined };
  }
  if (nextSeq - 1 > publishedSeq) {
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
    await changeRelay(database, em, fence, change);
  }
  const changed = { ...row, ...change };
  return { row: changed, batch: batchOf(database, changed, events) };
}

function batchOf({ name }: Database, row: RelayRow, events: Batch['events']): Batch | undefined {
  const { epoch, nextSeq } = row;
  const base = baseOf(row);
  const batch = { region: regionOf(name), epoch, headSeq: nextSeq - 1, events };
  return events.length === 0 ? undefined : base === undefined ? batch : { ...batch, base };
}
