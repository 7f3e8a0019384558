/** Retries a dead-lettered event, for example after an upgrade of central. */

import type { Database, EntityManager } from '../../database/database.ts';
import { timestamp } from '../../shared/environment.ts';
import { messageOf } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';
import { lockCursor, moveCursor } from './cursor.ts';
import { DeadLetter } from './dead-letter.entity.ts';
import { findDeadLetter, keptError } from './dead-letters.ts';
import { InboxEvent } from './inbox-event.entity.ts';
import type { ProjectedDatabase } from './projection.ts';
import { readEvent } from './read-event.ts';

export type RetryResult =
  | { readonly result: 'applied' }
  /** Nothing was done: another process has applied or discarded the event meanwhile, or its region has sent everything again. */
  | { readonly result: 'gone' }
  /** The event still cannot be read or stored. */
  | { readonly result: 'refused'; readonly reason: string };

/**
 * @throws MeridianError `usage` when there is no dead letter with that id; `database`, `locked` or `program` when central does not work,
 *   and the dead letter is unchanged
 */
export async function retryDeadLetter<Content>(inbox: ProjectedDatabase<Content>, id: number): Promise<RetryResult> {
  const { central } = inbox;
  try {
    const { letter, batch, reading } = await readLetter(inbox, id);
    const result =
      reading.kind === 'unreadable'
        ? { result: 'refused' as const, reason: reading.error }
        : await apply(inbox, batch, reading.content, id);
    if (result.result === 'refused') {
      const change = { error: keptError(result.reason), attempts: letter.attempts + 1 };
      await central.fork().nativeUpdate(DeadLetter, { id }, change);
    }
    return result;
  } catch (error) {
    throw central.fault(error);
  }
}

/** Reads a dead letter, as a batch and with the content of its event. */
export async function readLetter<Content>({ central, projection }: ProjectedDatabase<Content>, id: number) {
  const letter = await findDeadLetter(central, id);
  const event = parseJson(letter.event) as ShippedEvent;
  const batch: Batch = { region: letter.region, epoch: letter.epoch, headSeq: event.seq, events: [event] };
  return { letter, event, batch, reading: readEvent(projection, batch, event) };
}

async function apply<Content>(
  inbox: ProjectedDatabase<Content>,
  batch: Batch,
  content: Content,
  id: number,
): Promise<RetryResult> {
  const { central } = inbox;
  try {
    return await central.fork().transactional((em) => applyIn(em, inbox, batch, content, id));
  } catch (error) {
    return refusalOf(central, error);
  }
}

/** @throws the given error, unless it means that the database has refused a value */
export function refusalOf(central: Database, error: unknown): Extract<RetryResult, { readonly result: 'refused' }> {
  if (!central.engine.refusesValue(error)) {
    throw error;
  }
  return { result: 'refused', reason: `the database refused it: ${messageOf(error)}` };
}

/** */
export async function applyIn<Content>(
  em: EntityManager,
  { central, projection }: ProjectedDatabase<Content>,
  batch: Batch,
  content: Content,
  id: number,
): Promise<RetryResult> {
  const { region, epoch } = batch;
  const [event] = batch.events as readonly [ShippedEvent];
  const cursor = await lockCursor(em, batch, timestamp());
  if ((await em.nativeDelete(DeadLetter, { id })) === 0) {
    return { result: 'gone' };
  }
  // the region may be in a later epoch by now; the projection keeps what it has sent again there
  await projection.write(central, em, region, [content]);
  if (cursor.epoch === epoch) {
    await central.bulk(InboxEvent).insertNew(em, [{ region, epoch, seq: event.seq, eventId: event.eventId }], 'seq');
    await moveCursor(em, batch, cursor, { seqs: [event.seq], conflictSeq: null });
  }
  return { result: 'applied' };
}
