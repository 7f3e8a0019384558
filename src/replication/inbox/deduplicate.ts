/** Deduplicates events by inserting them into the inbox. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';
import { type Failure, recordFailure } from './dead-letters.ts';
import { InboxEvent } from './inbox-event.entity.ts';

export interface Entered {
  /** The events that central had not processed before. */
  readonly fresh: readonly ShippedEvent[];
  /** Events with the sequence number of another event in the inbox: the region has assigned it twice. They are dead-lettered. */
  readonly conflicts: readonly Failure[];
}

/** Must be called in the transaction in which the events are applied. */
export async function enterInbox(
  central: Database,
  em: EntityManager,
  batch: Batch,
  events: readonly ShippedEvent[],
  now: string,
): Promise<Entered> {
  const { region, epoch } = batch;
  const rows = events.map(({ seq, eventId }) => ({ region, epoch, seq, eventId }));
  const fresh = new Set(await central.bulk(InboxEvent).insertNew(em, rows, 'seq'));
  if (fresh.size === events.length) {
    return { fresh: events, conflicts: [] };
  }
  const conflicts: Failure[] = [];
  const entered: ShippedEvent[] = [];
  const repeated: ShippedEvent[] = [];
  for (const event of events) {
    // of two events with the same sequence number, the first was inserted
    (fresh.delete(event.seq) ? entered : repeated).push(event);
  }
  const known = await inboxIds(em, batch, repeated);
  for (const event of repeated) {
    const other = known.get(event.seq);
    if (other !== event.eventId) {
      const error = `sequence number ${event.seq} of epoch ${epoch} was event ${other} before, so ${region} may have been restored from a backup`;
      await recordFailure(em, batch, { event, error }, now, 1);
      conflicts.push({ event, error });
    }
  }
  return { fresh: entered, conflicts };
}

/** Sequence number -> id of the processed event, for at least the given events that are in the inbox. */
export async function inboxIds(
  em: EntityManager,
  { region, epoch }: Batch,
  events: readonly ShippedEvent[],
): Promise<ReadonlyMap<number, string>> {
  const seqs = events.map(({ seq }) => seq);
  const { rows } = await sql<{ seq: number; eventId: string }>`
    select seq, event_id as "eventId" from inbox_event
    where region = ${region} and epoch = ${epoch} and seq >= ${Math.min(...seqs)} and seq <= ${Math.max(...seqs)}`.execute(
    em.getKysely(),
  );
  return new Map(rows.map(({ seq, eventId }) => [seq, eventId]));
}
