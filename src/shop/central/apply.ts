/**
 * Brings events into central, in one transaction a batch: however often and in whatever order they come, each counts once,
 * and of what they say of one thing the newest stays.
 */
import { sql } from 'kysely';
import type { Row } from '../../database/columns.ts';
import type { Database, EntityManager } from '../../database/database.ts';
import { holdCursor, moveCursor } from '../../replication/inbox/cursor.ts';
import { DeadLetter } from '../../replication/inbox/dead-letter.entity.ts';
import {
  type Failure,
  forgetEarlierEpochs,
  MAX_ATTEMPTS,
  recordFailure,
} from '../../replication/inbox/dead-letters.ts';
import { InboxEvent } from '../../replication/inbox/inbox-event.entity.ts';
import { isReachableEpoch } from '../../replication/transport/envelope.ts';
import type { Batch, ShippedEvent } from '../../replication/transport/transport.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { queueDocuments, queueForgetting } from './document-queue.ts';
import type { QueuedDocument } from './facts/document-queue.entity.ts';
import { OrderFact } from './facts/order-fact.entity.ts';
import { StockFact } from './facts/stock-fact.entity.ts';
import { type Reading, readEvent } from './read-event.ts';

export interface Applied {
  /** Events that were new. */
  readonly fresh: number;
  /** Events that could not be applied and have to come again. */
  readonly failing: readonly (Failure & { readonly attempts: number })[];
  /** Events that could not be applied and need not come again. */
  readonly deadLettered: readonly Failure[];
}

/** Told of events that are dead-lettered from now on, once that is committed. */
export type OnDeadLettered = (batch: Batch, failures: readonly Failure[]) => void;

export type Read = { readonly event: ShippedEvent; readonly reading: Reading };

/** What tells which of two states of one thing is the newer one. */
const AGE = ['epoch', 'version'];

/**
 * Returns when the batch may be acknowledged. Only an event that itself cannot be read or stored is ever dead-lettered; whatever
 * else is wrong is thrown, and the batch can come again when it is right.
 *
 * @returns the events that are dead-lettered from now on; those of a batch that comes again are told as well, and only by
 *   `onDeadLettered`
 * @throws MeridianError `event` when an event could not be applied and is not dead-lettered yet; the others are in then
 * @throws MeridianError `database`, `locked`, `program` when central does not work; nothing is lost or skipped then
 */
export async function applyBatch(
  central: Database,
  batch: Batch,
  onDeadLettered: OnDeadLettered = () => undefined,
): Promise<readonly Failure[]> {
  const { failing, deadLettered } = await apply(central, batch, onDeadLettered);
  const [first] = failing;
  if (first !== undefined) {
    const others = failing.length > 1 ? ` (and ${failing.length - 1} more)` : '';
    throw new MeridianError(
      'event',
      `central: event ${first.event.seq} of ${batch.region} could not be applied${others}, attempt ${first.attempts} of ${MAX_ATTEMPTS}: ${first.error}.`,
    );
  }
  return deadLettered;
}

async function apply(central: Database, batch: Batch, onDeadLettered: OnDeadLettered): Promise<Applied> {
  try {
    return await inTransaction(central, batch, onDeadLettered);
  } catch (error) {
    if (!central.engine.refusesValue(error)) {
      throw central.fault(error);
    }
    return batch.events.length === 1
      ? failAlone(central, batch, error, onDeadLettered)
      : eachApart(central, batch, onDeadLettered);
  }
}

/** Finds out which event it is that the database does not take. */
async function eachApart(central: Database, batch: Batch, onDeadLettered: OnDeadLettered): Promise<Applied> {
  const results: Applied[] = [];
  for (const event of batch.events) {
    results.push(await apply(central, { ...batch, events: [event] }, onDeadLettered));
  }
  return {
    fresh: results.reduce((sum, { fresh }) => sum + fresh, 0),
    failing: results.flatMap(({ failing }) => failing),
    deadLettered: results.flatMap(({ deadLettered }) => deadLettered),
  };
}

async function failAlone(
  central: Database,
  batch: Batch,
  error: unknown,
  onDeadLettered: OnDeadLettered,
): Promise<Applied> {
  const failed = batch.events.map((event) => ({ event, error: `the database refused it: ${messageOf(error)}` }));
  try {
    return await inTransaction(central, batch, onDeadLettered, failed);
  } catch (cause) {
    throw central.fault(cause);
  }
}

/** @param refused events of the batch that the database did not take */
async function inTransaction(
  central: Database,
  batch: Batch,
  onDeadLettered: OnDeadLettered,
  refused: readonly Failure[] = [],
): Promise<Applied> {
  const applied = await central.fork().transactional(async (em) => {
    const now = new Date().toISOString();
    const cursor = await holdCursor(em, batch, now);
    if (cursor.epoch > batch.epoch) {
      // the region has begun anew since, with all that counts
      return { fresh: 0, failing: [], deadLettered: [] };
    }
    // one that was made just now is in the epoch of the batch
    const known = cursor.headSeq === 0 ? undefined : cursor.epoch;
    if (!isReachableEpoch(known, batch.epoch)) {
      throw new MeridianError(
        'event',
        `central: ${batch.region} publishes in epoch ${batch.epoch}, which it cannot have reached${known === undefined ? '' : ` after epoch ${known}`}, so nothing is taken from it. See the column epoch of its table relay_state.`,
      );
    }
    const reads = batch.events.map((event): Read => ({ event, reading: readEvent(batch, event) }));
    const { failing, parked, deadLettered } = await recordFailures(em, batch, [...refused, ...unreadable(reads)], now);
    const isFailing = new Set(failing.map(({ event }) => event));
    const taken = reads.filter(({ event }) => !isFailing.has(event));
    const { fresh, conflicts } = await enterInbox(central, em, batch, taken, now);
    await forgetFailures(em, batch, fresh);
    await writeFacts(
      central,
      em,
      batch.region,
      fresh.filter(({ event }) => !parked.has(event)),
    );
    const conflictSeq = conflicts.length === 0 ? null : Math.min(...conflicts.map(({ event }) => event.seq));
    await moveCursor(em, batch, cursor, { seqs: taken.map(({ event }) => event.seq), conflictSeq });
    return { fresh: fresh.length, failing, deadLettered: [...deadLettered, ...conflicts] };
  });
  if (applied.deadLettered.length > 0) {
    onDeadLettered(batch, applied.deadLettered);
  }
  return applied;
}

function unreadable(reads: readonly Read[]): Failure[] {
  return reads.flatMap(({ event, reading }) =>
    reading.kind === 'unreadable' ? [{ event, error: reading.error }] : [],
  );
}

/** Those that have failed often enough are dead-lettered: they hold the cursor up no longer. */
async function recordFailures(em: EntityManager, batch: Batch, failures: readonly Failure[], now: string) {
  const failing: (Failure & { attempts: number })[] = [];
  const deadLettered: Failure[] = [];
  const parked = new Set<ShippedEvent>();
  const known =
    failures.length === 0
      ? new Map<number, string>()
      : await inboxIds(
          em,
          batch,
          failures.map(({ event }) => event),
        );
  for (const failure of failures) {
    if (known.get(failure.event.seq) === failure.event.eventId) {
      // it was dealt with when it came before
      parked.add(failure.event);
      continue;
    }
    const { attempts, isParked } = await recordFailure(em, batch, failure, now);
    if (isParked) {
      parked.add(failure.event);
      deadLettered.push(failure);
    } else {
      failing.push({ ...failure, attempts });
    }
  }
  return { failing, parked, deadLettered };
}

/** What had failed and has come again, be it in this epoch or in an earlier one: it is in now, or parked anew. */
async function forgetFailures(em: EntityManager, { region, epoch }: Batch, reads: readonly Read[]): Promise<void> {
  const { rows } = await sql<{ id: number; eventId: string }>`
    select id, event_id as "eventId" from dead_letter
    where region = ${region} and (epoch < ${epoch} or (epoch = ${epoch} and parked_at is null))`.execute(
    em.getKysely(),
  );
  if (rows.length === 0) {
    return;
  }
  const come = new Set(reads.map(({ event }) => event.eventId));
  const over = rows.filter(({ eventId }) => come.has(eventId)).map(({ id }) => id);
  if (over.length > 0) {
    await em.nativeDelete(DeadLetter, { id: { $in: over } });
  }
}

interface Entered {
  /** The events that central had not dealt with before. */
  readonly fresh: readonly Read[];
  /** Events with whose sequence numbers central knows others, so that the region has assigned them twice. They are dead-lettered. */
  readonly conflicts: readonly Failure[];
}

async function enterInbox(
  central: Database,
  em: EntityManager,
  batch: Batch,
  reads: readonly Read[],
  now: string,
): Promise<Entered> {
  const { region, epoch } = batch;
  const rows = reads.map(({ event: { seq, eventId } }) => ({ region, epoch, seq, eventId }));
  const fresh = new Set(await central.bulk(InboxEvent).insertNew(em, rows, 'seq'));
  if (fresh.size === reads.length) {
    return { fresh: reads, conflicts: [] };
  }
  const conflicts: Failure[] = [];
  const entered: Read[] = [];
  const again: Read[] = [];
  for (const read of reads) {
    // of two in one place the first is in
    (fresh.delete(read.event.seq) ? entered : again).push(read);
  }
  const known = await inboxIds(
    em,
    batch,
    again.map(({ event }) => event),
  );
  for (const { event } of again) {
    const other = known.get(event.seq);
    if (other !== event.eventId) {
      const error = `place ${event.seq} of epoch ${epoch} was event ${other} before, so ${region} may have been restored from a backup`;
      await recordFailure(em, batch, { event, error }, now, 1);
      conflicts.push({ event, error });
    }
  }
  return { fresh: entered, conflicts };
}

/** Place -> the event that was dealt with there. */
async function inboxIds(
  em: EntityManager,
  { region, epoch }: Batch,
  events: readonly ShippedEvent[],
): Promise<Map<number, string>> {
  const seqs = events.map(({ seq }) => seq);
  const { rows } = await sql<{ seq: number; eventId: string }>`
    select seq, event_id as "eventId" from inbox_event
    where region = ${region} and epoch = ${epoch} and seq >= ${Math.min(...seqs)} and seq <= ${Math.max(...seqs)}`.execute(
    em.getKysely(),
  );
  return new Map(rows.map(({ seq, eventId }) => [seq, eventId]));
}

export async function writeFacts(
  central: Database,
  em: EntityManager,
  region: string,
  reads: readonly Read[],
): Promise<void> {
  const orders = new Map<number, OrderFact>();
  const stock = new Map<number, StockFact>();
  const documents = new Map<number, QueuedDocument>();
  let completed = 0;
  for (const { reading } of reads) {
    if (reading.kind === 'order') {
      keepNewest(orders, reading.fact.orderId, reading.fact);
    } else if (reading.kind === 'stock') {
      keepNewest(stock, reading.fact.productId, reading.fact);
    } else if (reading.kind === 'checkout') {
      keepNewest(documents, reading.document.orderId, reading.document);
    } else if (reading.kind === 'snapshot-completed') {
      completed = Math.max(completed, reading.epoch);
    }
  }
  await central.bulk(OrderFact).upsertNewer(em, rowsOf(orders), AGE);
  await central.bulk(StockFact).upsertNewer(em, rowsOf(stock), AGE);
  await queueDocuments(central, em, [...documents.values()]);
  if (completed > 0) {
    await em.nativeDelete(OrderFact, { region, epoch: { $lt: completed } });
    await em.nativeDelete(StockFact, { region, epoch: { $lt: completed } });
    await queueForgetting(central, em, region, completed);
    await forgetEarlierEpochs(em, region, completed);
  }
}

/** A statement can write each row once only. */
function keepNewest<T extends { readonly version: number }>(facts: Map<number, T>, key: number, fact: T): void {
  const other = facts.get(key);
  if (other === undefined || other.version < fact.version) {
    facts.set(key, fact);
  }
}

function rowsOf(facts: ReadonlyMap<number, object>): readonly Row[] {
  return [...facts.values()] as Row[];
}
