/** Makes a region and central consistent again after one of the two was lost, or restored from a backup. */
import type { Database } from '../../database/database.ts';
import { canBuildOn, NOTHING_REACHED } from '../events/epoch.ts';
import { beginEpoch } from '../outbox/epoch.ts';
import { eventAt } from '../outbox/events.ts';
import { diagnose, type Surroundings } from './diagnosis.ts';
import { type KnownPosition, UNKNOWN } from './position.ts';
import { type Held, type RelayRow, recordArrival } from './relay-row.ts';

export interface Reconciled {
  /** The findings and actions as a sentence, without the name of the region; `undefined` if all was well. */
  readonly sentence?: string;
  /** Whether a new epoch has begun, which revokes the lease of every relay. */
  readonly isNewEpoch: boolean;
}

/**
 * @param row the current row of the database
 * @throws MeridianError `database` when the region's database is empty, and central has events of the region; LeaseLostError
 */
export async function reconcile(
  database: Database,
  row: RelayRow,
  position: KnownPosition,
  surroundings: Surroundings,
): Promise<Reconciled> {
  const diagnosis = await diagnose(database, row, position, surroundings);
  switch (diagnosis.kind) {
    case 'well':
      return { isNewEpoch: false };
    case 'arrived':
      await recordArrival(database, row, diagnosis.seq);
      return { isNewEpoch: false };
    case 'diverged':
      return everything(database, row, position, diagnosis.reason);
    case 'lost': {
      const { seq, reason } = diagnosis;
      if (surroundings.transport.stored !== undefined) {
        // a transport that stores events would discard an event that it has seen before as a duplicate
        return { sentence: `${reason}; ${await sendAgain(database, row, seq, position)}`, isNewEpoch: true };
      }
      if ((await eventAt(database.fork(), row.epoch, seq + 1)) === undefined) {
        return everything(database, row, position, reason);
      }
      await recordArrival(database, row, seq);
      return { sentence: `${reason}; events from ${seq + 1} on are sent again`, isNewEpoch: false };
    }
  }
}

async function everything(
  database: Database,
  held: Held,
  position: KnownPosition,
  reason: string,
): Promise<Reconciled> {
  return { sentence: `${reason}; ${await sendEverything(database, held, position)}`, isNewEpoch: true };
}

/** Begins an epoch after all those that central and the document store know. @returns a description of what is sent */
async function sendEverything(database: Database, held: Held, position: KnownPosition): Promise<string> {
  const known = position === undefined || position === UNKNOWN ? [] : [position.epoch, position.documents?.epoch ?? 0];
  const next = await beginEpoch(database, { held, afterEpoch: Math.max(0, ...known) });
  return `everything is sent again in epoch ${next}`;
}

/**
 * Sends the events after `seq` again, in a new epoch, because they were lost in transit or in central. Where central has not reached the
 * epoch that the new one would build on, it would need everything next, so everything is sent immediately.
 *
 * @param position the position of central
 * @returns a description of what is sent, as part of a sentence
 * @throws LeaseLostError
 */
export async function sendAgain(
  database: Database,
  row: RelayRow,
  seq: number,
  position: KnownPosition,
): Promise<string> {
  const base = { epoch: row.epoch, seq, headSeq: row.nextSeq - 1 };
  const isBuiltOn = position === UNKNOWN || canBuildOn(base, position ?? NOTHING_REACHED);
  if (!isBuiltOn || (await eventAt(database.fork(), row.epoch, seq + 1)) === undefined) {
    return sendEverything(database, row, position);
  }
  return `events from ${seq + 1} on are sent again in epoch ${await beginEpoch(database, { held: row, fromSeq: seq + 1 })}`;
}
