/** Events of a batch that central could not apply: each is retried a few times, then dead-lettered. */
import { sql } from 'kysely';
import type { EntityManager } from '../../database/database.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';
import { DeadLetter } from './dead-letter.entity.ts';
import { type Failure, recordFailure } from './dead-letters.ts';
import { inboxIds } from './deduplicate.ts';

export interface FailedEvents {
  /** Events that are retried. */
  readonly failing: readonly (Failure & { readonly attempts: number })[];
  /** Events that are dead-lettered now, or were when they arrived before. */
  readonly deadLettered: readonly Failure[];
  /** Events that count as processed without being applied: dead-lettered ones, and those that were in the inbox already. */
  readonly skipped: ReadonlySet<ShippedEvent>;
}

export async function recordFailures(
  em: EntityManager,
  batch: Batch,
  failures: readonly Failure[],
  now: string,
): Promise<FailedEvents> {
  const failing: (Failure & { attempts: number })[] = [];
  const deadLettered: Failure[] = [];
  const skipped = new Set<ShippedEvent>();
  if (failures.length === 0) {
    return { failing, deadLettered, skipped };
  }
  const known = await inboxIds(
    em,
    batch,
    failures.map(({ event }) => event),
  );
  for (const failure of failures) {
    const { event } = failure;
    if (known.get(event.seq) === event.eventId) {
      // the event was processed when it arrived before
      skipped.add(event);
      continue;
    }
    const { attempts, isDeadLettered } = await recordFailure(em, batch, failure, now);
    if (isDeadLettered) {
      skipped.add(event);
      deadLettered.push(failure);
    } else {
      failing.push({ ...failure, attempts });
    }
  }
  return { failing, deadLettered, skipped };
}

/**
 * Deletes earlier failures of events that have arrived again, in this epoch or a later one: they are now applied, or dead-lettered again.
 */
export async function forgetFailures(
  em: EntityManager,
  { region, epoch }: Batch,
  events: readonly ShippedEvent[],
): Promise<void> {
  const { rows } = await sql<{ id: number; eventId: string }>`
    select id, event_id as "eventId" from dead_letter
    where region = ${region} and (epoch < ${epoch} or (epoch = ${epoch} and parked_at is null))`.execute(
    em.getKysely(),
  );
  if (rows.length === 0) {
    return;
  }
  const repeated = new Set(events.map(({ eventId }) => eventId));
  const over = rows.filter(({ eventId }) => repeated.has(eventId)).map(({ id }) => id);
  if (over.length > 0) {
    await em.nativeDelete(DeadLetter, { id: { $in: over } });
  }
}
