/**
 * Receives batches of events in central, each in one transaction. Each event is applied once, regardless of the order and number of
 * deliveries.
 */

import type { EntityManager } from '../../database/database.ts';
import { timestamp } from '../../shared/environment.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { inBatchSpan } from '../events/batch-span.ts';
import { isReachableEpoch } from '../events/epoch.ts';
import type { Batch } from '../transport/transport.ts';
import { type LockedCursor, lockCursor, moveCursor } from './cursor.ts';
import { type Failure, MAX_ATTEMPTS } from './dead-letters.ts';
import { enterInbox } from './deduplicate.ts';
import { type FailedEvents, forgetFailures, recordFailures } from './failures.ts';
import type { ProjectedDatabase } from './projection.ts';
import { readEvent } from './read-event.ts';

/** Called for newly dead-lettered events, after the commit. */
export type OnDeadLettered = (batch: Batch, failures: readonly Failure[]) => void;

interface Receiver<Content> extends ProjectedDatabase<Content> {
  readonly onDeadLettered: OnDeadLettered;
}

/** Events of a batch that could not be applied. */
type Failed = Pick<FailedEvents, 'failing' | 'deadLettered'>;

const NONE: Failed = { failing: [], deadLettered: [] };

/**
 * Returns when the batch may be acknowledged. Only an event that itself cannot be read or stored is dead-lettered. Every other failure is
 * thrown, and the batch can be delivered again later.
 *
 * @returns the newly dead-lettered events; those of a batch that is delivered again are reported only by `onDeadLettered`
 * @throws MeridianError `event` when an event could not be applied and is not dead-lettered yet; the other events are applied
 * @throws MeridianError `database`, `locked`, `program` when central does not work; no event is lost or skipped
 */
export async function receiveBatch<Content>(
  inbox: ProjectedDatabase<Content>,
  batch: Batch,
  onDeadLettered: OnDeadLettered = () => undefined,
): Promise<readonly Failure[]> {
  const { failing, deadLettered } = await inBatchSpan('apply', batch, () =>
    receive({ ...inbox, onDeadLettered }, batch),
  );
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

async function receive<Content>(receiver: Receiver<Content>, batch: Batch): Promise<Failed> {
  const { central } = receiver;
  try {
    return await inTransaction(receiver, batch);
  } catch (error) {
    if (!central.engine.refusesValue(error)) {
      throw central.fault(error);
    }
    return batch.events.length === 1 ? failAlone(receiver, batch, error) : eachApart(receiver, batch);
  }
}

/** Receives each event separately, to find the one that the database refuses. */
async function eachApart<Content>(receiver: Receiver<Content>, batch: Batch): Promise<Failed> {
  const results: Failed[] = [];
  for (const event of batch.events) {
    results.push(await receive(receiver, { ...batch, events: [event] }));
  }
  return {
    failing: results.flatMap(({ failing }) => failing),
    deadLettered: results.flatMap(({ deadLettered }) => deadLettered),
  };
}

async function failAlone<Content>(receiver: Receiver<Content>, batch: Batch, error: unknown): Promise<Failed> {
  const failed = batch.events.map((event) => ({ event, error: `the database refused it: ${messageOf(error)}` }));
  try {
    return await inTransaction(receiver, batch, failed);
  } catch (cause) {
    throw receiver.central.fault(cause);
  }
}

/** @param refused events of the batch that the database has refused */
async function inTransaction<Content>(
  receiver: Receiver<Content>,
  batch: Batch,
  refused: readonly Failure[] = [],
): Promise<Failed> {
  const failed = await receiver.central.fork().transactional((em) => receiveIn(em, receiver, batch, refused));
  if (failed.deadLettered.length > 0) {
    receiver.onDeadLettered(batch, failed.deadLettered);
  }
  return failed;
}

async function receiveIn<Content>(
  em: EntityManager,
  { central, projection }: ProjectedDatabase<Content>,
  batch: Batch,
  refused: readonly Failure[],
): Promise<Failed> {
  const now = timestamp();
  // 1. lock the cursor of the region: its batches wait for each other here
  const cursor = await lockCursor(em, batch, now);
  if (cursor.epoch > batch.epoch) {
    // the batch is obsolete: the region has sent its events again in a later epoch
    return NONE;
  }
  refuseUnreachable(cursor, batch);
  // 2. read the events, and record those that cannot be applied
  const contents = new Map<unknown, Content>();
  const failures = [...refused];
  for (const event of batch.events) {
    const reading = readEvent(projection, batch, event);
    if (reading.kind === 'unreadable') {
      failures.push({ event, error: reading.error });
    } else {
      contents.set(event, reading.content);
    }
  }
  const { failing, deadLettered, skipped } = await recordFailures(em, batch, failures, now);
  const isFailing = new Set(failing.map(({ event }) => event));
  const entered = batch.events.filter((event) => !isFailing.has(event));
  // 3. insert the others into the inbox, and find the new ones
  const { fresh, conflicts } = await enterInbox(central, em, batch, entered, now);
  await forgetFailures(em, batch, fresh);
  // 4. write the contents of the new ones
  const applied = fresh.filter((event) => !skipped.has(event)).map((event) => contents.get(event) as Content);
  await projection.write(central, em, batch.region, applied);
  // 5. move the cursor
  const conflictSeq = conflicts.length === 0 ? null : Math.min(...conflicts.map(({ event }) => event.seq));
  await moveCursor(em, batch, cursor, { seqs: entered.map(({ seq }) => seq), conflictSeq });
  return { failing, deadLettered: [...deadLettered, ...conflicts] };
}

/** @throws MeridianError `event` for an epoch that the region cannot have reached */
function refuseUnreachable(cursor: LockedCursor, { region, epoch }: Batch): void {
  // a cursor that was created just now does not know an epoch
  const known = cursor.headSeq === 0 ? undefined : cursor.epoch;
  if (!isReachableEpoch(known, epoch)) {
    throw new MeridianError(
      'event',
      `central: ${region} publishes in epoch ${epoch}, which it cannot have reached${known === undefined ? '' : ` after epoch ${known}`}, so its events are not applied. See the column epoch of its table relay_state.`,
    );
  }
}
