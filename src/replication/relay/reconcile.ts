/** Makes a region and central agree again after one of the two was restored from a backup, or lost. */
import type { Database } from '../../database/database.ts';
import { beginEpoch } from '../outbox/epoch.ts';
import { eventAt } from '../outbox/events.ts';
import { diagnose, type Surroundings } from './diagnosis.ts';
import { type KnownPosition, UNKNOWN } from './position.ts';
import { type Held, type RelayRow, recordArrival } from './relay-row.ts';

export interface Reconciled {
  /** What was found and done, as a sentence for people without the name of the region; nothing when all was well. */
  readonly sentence?: string;
  /** A new epoch takes the lease from every relay. */
  readonly isNewEpoch: boolean;
}

/**
 * @param row as it is in the database now
 * @throws MeridianError `database` when the region's database has nothing in it and central has; LeaseLostError
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
        // a transport that stores would take an event that it has seen for a repetition
        return { sentence: `${reason}; ${await sendAgain(database, row, seq)}`, isNewEpoch: true };
      }
      if ((await eventAt(database.fork(), row.epoch, seq + 1)) === undefined) {
        return everything(database, row, position, reason);
      }
      await recordArrival(database, row, seq);
      return { sentence: `${reason}; events from ${seq + 1} on are sent again`, isNewEpoch: false };
    }
  }
}

/** Sends everything again, in an epoch after all that central and the document store know. */
async function everything(
  database: Database,
  held: Held,
  position: KnownPosition,
  reason: string,
): Promise<Reconciled> {
  const known = position === undefined || position === UNKNOWN ? [] : [position.epoch, position.documents?.epoch ?? 0];
  const next = await beginEpoch(database, { held, afterEpoch: Math.max(0, ...known) });
  return { sentence: `${reason}; everything is sent again in epoch ${next}`, isNewEpoch: true };
}

/**
 * Sends the events after `seq` again, in a new epoch: they were lost on their way, or in central.
 *
 * @returns what is sent, as a part of a sentence
 * @throws LeaseLostError
 */
export async function sendAgain(database: Database, held: Held, seq: number): Promise<string> {
  if ((await eventAt(database.fork(), held.epoch, seq + 1)) === undefined) {
    return `everything is sent again in epoch ${await beginEpoch(database, { held })}`;
  }
  return `events from ${seq + 1} on are sent again in epoch ${await beginEpoch(database, { held, fromSeq: seq + 1 })}`;
}
