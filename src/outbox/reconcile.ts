/** What a relay does when central is not where the region thinks it is: one of the two was restored, or lost. */

import { sql } from 'kysely';
import type { Database, EntityManager } from '../databases/database.ts';
import { regionOf } from '../databases/regions.ts';
import { MeridianError } from '../errors.ts';
import { parseJson } from '../json/parse.ts';
import type { Position, StoredPlaces, Transport } from '../transport/transport.ts';
import { beginEpoch } from './epoch.ts';
import { eventAt } from './events.ts';
import { type KnownPosition, UNKNOWN } from './position.ts';
import { changeRelay, type RelayRow } from './relay-row.ts';
import type { SnapshotProgress } from './snapshot.ts';

/** What is between the region and central. */
export interface OnTheWay {
  readonly transport: Pick<Transport, 'acknowledgesApplied' | 'stored'>;
  readonly stored: StoredPlaces | 'empty' | undefined;
}

/**
 * @returns what was done, as a sentence for people without the name of the region; nothing where all was well
 * @throws MeridianError `database` when the region's database has nothing in it and central has
 */
export async function reconcile(
  database: Database,
  row: RelayRow,
  position: KnownPosition,
  { transport, stored }: OnTheWay,
): Promise<string | undefined> {
  const { epoch, nextSeq, ackedSeq, fence } = row;
  const em = database.fork();
  // what central has lost comes in another epoch
  const remembers = transport.stored !== undefined;
  // what has arrived is then known from central itself
  const isArrivalKnown = transport.acknowledgesApplied || remembers;
  const everything = async (reason: string) => {
    const afterEpoch = position === undefined || position === UNKNOWN ? 0 : position.epoch;
    const next = await beginEpoch(database, { afterEpoch });
    return `${reason}; everything is sent again in epoch ${next}`;
  };
  const move = async (seq: number) => {
    await changeRelay(database, em, fence, { ackedSeq: seq });
  };
  /** Central has lost what came after `seq`. */
  const rewind = async (seq: number, reason: string) => {
    if (remembers) {
      return `${reason}; ${await sendAgain(database, epoch, seq)}`;
    }
    if ((await eventAt(em, epoch, seq + 1)) === undefined) {
      return everything(reason);
    }
    await move(seq);
    return `${reason}; events from ${seq + 1} on are sent again`;
  };
  if (typeof stored === 'object' && (stored.lastSeq ?? 0) > nextSeq - 1) {
    return everything(
      `event ${stored.lastSeq} is on its way and this database has only got to ${nextSeq - 1}, so it was restored from a backup`,
    );
  }
  if (position === UNKNOWN) {
    return undefined;
  }
  if (position === undefined) {
    if (!isArrivalKnown || (ackedSeq === 0 && (await comesWhole(em, row)))) {
      return undefined;
    }
    const reason = 'central knows nothing of this region any more';
    return epoch === 1 && !remembers ? rewind(0, reason) : everything(reason);
  }
  if (epoch === 1 && nextSeq === 1 && position.headSeq > 0 && (await isEmpty(em))) {
    throw new MeridianError(
      'database',
      `${database.name}: the database is empty, and central has ${position.headSeq} events of this region, so it was lost or made anew. ` +
        `Restore it from a backup, or, to begin anew in central as well, run npx meridian resend --region ${regionOf(database.name)}.`,
    );
  }
  if (position.epoch > epoch) {
    return everything(`central is in epoch ${position.epoch} already, so this database was restored from a backup`);
  }
  if (position.epoch < epoch) {
    if (!isArrivalKnown) {
      return undefined;
    }
    const reason = `central is still in epoch ${position.epoch}, so it was restored from a backup`;
    if (await comesWhole(em, row)) {
      return ackedSeq === 0 ? undefined : remembers ? everything(reason) : rewind(0, reason);
    }
    return ackedSeq > 0 || (await hasEarlierAfter(em, row, position)) ? everything(reason) : undefined;
  }
  if (position.headSeq > nextSeq - 1) {
    return everything(
      `central has heard of event ${position.headSeq} and this database has only got to ${nextSeq - 1}, so it was restored from a backup`,
    );
  }
  const here = position.seq === 0 ? undefined : await eventAt(em, epoch, position.seq);
  if (here !== undefined && here.eventId !== position.eventId) {
    return everything(
      `event ${position.seq} is another one than central's, so this database was restored from a backup`,
    );
  }
  if (position.seq > ackedSeq) {
    // it had arrived, and only the answer was lost
    await move(position.seq);
    return undefined;
  }
  return isArrivalKnown && position.seq < ackedSeq
    ? rewind(position.seq, `central has only got to event ${position.seq}, so it was restored from a backup`)
    : undefined;
}

/**
 * What came after `seq` is lost on its way, or in central: it comes in an epoch of its own, for a transport that stores
 * would take an event that it has seen for a repetition.
 *
 * @returns what comes, as a part of a sentence
 */
export async function sendAgain(database: Database, epoch: number, seq: number): Promise<string> {
  if ((await eventAt(database.fork(), epoch, seq + 1)) === undefined) {
    return `everything is sent again in epoch ${await beginEpoch(database)}`;
  }
  return `events from ${seq + 1} on are sent again in epoch ${await beginEpoch(database, { fromSeq: seq + 1 })}`;
}

/** Whether a region has never received, sold or been told anything: then it is taken for a lost one rather than a restored one. */
async function isEmpty(em: EntityManager): Promise<boolean> {
  const { rows } = await sql`
    select 1 where not exists (select 1 from orders) and not exists (select 1 from stock)
      and not exists (select 1 from outbox_event)`.execute(em.getKysely());
  return rows.length > 0;
}

/** Whether the events of the epoch tell of all that the region holds, and not only of what came after some place. */
async function comesWhole(em: EntityManager, { epoch, snapshot }: RelayRow): Promise<boolean> {
  if (epoch === 1 || (snapshot !== null && (parseJson(snapshot) as SnapshotProgress).epoch === epoch)) {
    return true;
  }
  const { rows } = await sql`
    select 1 from outbox_event
    where (epoch = ${epoch} or seq is null) and aggregate = 'region' and aggregate_id = ${epoch} limit 1`.execute(
    em.getKysely(),
  );
  return rows.length > 0;
}

/** Whether central has not got all that was sent in earlier epochs, and not again in this one. */
async function hasEarlierAfter(em: EntityManager, { epoch }: RelayRow, position: Position): Promise<boolean> {
  const { rows } = await sql`
    select 1 from outbox_event
    where seq is not null and epoch < ${epoch} and (epoch, seq) > (${position.epoch}, ${position.seq}) limit 1`.execute(
    em.getKysely(),
  );
  return rows.length > 0;
}
