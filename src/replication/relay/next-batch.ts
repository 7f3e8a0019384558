/** What a relay publishes next: events that have their places and were not published, or else the next ones, which get theirs. */
import type { Database, EntityManager } from '../../database/database.ts';
import { parseJson } from '../../shared/json/parse.ts';
import { type SnapshotProgress, writeSnapshot } from '../../shop/trading/snapshot.ts';
import { eventsAfter, stampEvents } from '../outbox/events.ts';
import { regionOf } from '../region-name.ts';
import type { Batch } from '../transport/transport.ts';
import { baseOf, changeRelay, type RelayRow } from './relay-row.ts';

export interface NextBatch {
  /** The row as it is left. */
  readonly row: RelayRow;
  /** Nothing when there is nothing to publish now. */
  readonly batch: Batch | undefined;
}

/** In a transaction in which the lease has been renewed. */
export async function nextBatch(
  database: Database,
  em: EntityManager,
  row: RelayRow,
  {
    publishedSeq,
    batchEvents,
    now,
  }: { readonly publishedSeq: number; readonly batchEvents: number; readonly now: Date },
): Promise<NextBatch> {
  const { epoch, nextSeq, fence, snapshot, paused } = row;
  if (paused) {
    return { row, batch: undefined };
  }
  if (nextSeq - 1 > publishedSeq) {
    return { row, batch: batchOf(database, row, await eventsAfter(em, epoch, publishedSeq, batchEvents)) };
  }
  const change: { nextSeq?: number; snapshot?: string | null } = {};
  if (snapshot !== null) {
    const then = await writeSnapshot(database, em, parseJson(snapshot) as SnapshotProgress, now);
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
