/** Detects whether a region, central or the document store was lost, or restored from a backup. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { MeridianError } from '../../shared/errors.ts';
import { canBuildOn, NOTHING_REACHED } from '../events/epoch.ts';
import { eventAt } from '../outbox/events.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import { regionOf } from '../region-name.ts';
import type { Position, StoredRange, Transport } from '../transport/transport.ts';
import { type KnownPosition, UNKNOWN } from './position.ts';
import { baseOf, type RelayRow } from './relay-row.ts';

export type Diagnosis =
  | { readonly kind: 'well' }
  /** Central has received more than the region has recorded. */
  | { readonly kind: 'arrived'; readonly seq: number }
  /** Central has lost the events after `seq`. The reason has no full stop. */
  | { readonly kind: 'lost'; readonly seq: number; readonly reason: string }
  /** The region and central have different histories: only a new epoch that repeats everything makes them consistent. */
  | { readonly kind: 'diverged'; readonly reason: string };

/** Further input of a diagnosis, besides the row and the position. */
export interface Surroundings {
  readonly snapshots: Pick<SnapshotSource, 'isEmpty'>;
  readonly transport: Pick<Transport, 'acknowledgesApplied' | 'stored'>;
  /** The events that the transport stores between the region and central. */
  readonly stored: StoredRange | 'empty' | undefined;
}

interface Case extends Surroundings {
  readonly em: EntityManager;
  readonly row: RelayRow;
}

const WELL: Diagnosis = { kind: 'well' };

const diverged = (reason: string): Diagnosis => ({ kind: 'diverged', reason });

/**
 * @param row the current row of the database
 * @throws MeridianError `database` when the region's database is empty, and central has events of the region
 */
export async function diagnose(
  database: Database,
  row: RelayRow,
  position: KnownPosition,
  surroundings: Surroundings,
): Promise<Diagnosis> {
  const { stored } = surroundings;
  const given: Case = { em: database.fork(), row, ...surroundings };
  const headSeq = row.nextSeq - 1;
  if (typeof stored === 'object' && (stored.lastSeq ?? 0) > headSeq) {
    return diverged(
      `event ${stored.lastSeq} is on its way and this database ends at event ${headSeq}, so it was restored from a backup`,
    );
  }
  if (position === UNKNOWN) {
    return WELL;
  }
  if (position === undefined) {
    return ofUnknownRegion(given);
  }
  await refuseEmpty(database, given, position);
  if (position.epoch > row.epoch) {
    return diverged(`central is in epoch ${position.epoch} already, so this database was restored from a backup`);
  }
  return (
    (await ofDocuments(given, position)) ??
    (position.epoch < row.epoch ? ofEarlierEpoch(given, position) : ofSameEpoch(given, position))
  );
}

/** The diagnosis where central does not know the region, or has lost all of its events. */
async function ofUnknownRegion(given: Case): Promise<Diagnosis> {
  const { epoch, ackedSeq } = given.row;
  const base = baseOf(given.row);
  const comes = base === undefined ? await comesWhole(given) : canBuildOn(base, NOTHING_REACHED);
  if (!isArrivalKnown(given) || (ackedSeq === 0 && comes)) {
    return WELL;
  }
  const reason = 'central no longer knows this region';
  return epoch === 1 && !remembers(given) ? { kind: 'lost', seq: 0, reason } : diverged(reason);
}

/** @throws MeridianError for an empty region: it was lost, not restored */
async function refuseEmpty(database: Database, given: Case, position: Position): Promise<void> {
  const { row } = given;
  if (row.epoch === 1 && row.nextSeq === 1 && position.headSeq > 0 && (await isEmpty(given))) {
    throw new MeridianError(
      'database',
      `${database.name}: the database is empty, and central has ${position.headSeq} events of this region, so it was lost or created again. ` +
        `Restore it from a backup, or, to restart in central as well, run npx meridian resend --region ${regionOf(database.name)}.`,
    );
  }
}

/** Checks the document store, which may have documents of events that both databases have lost. */
async function ofDocuments({ em, row }: Case, { documents }: Position): Promise<Diagnosis | undefined> {
  if (documents === undefined) {
    return undefined;
  }
  const { epoch, seq, isForeign } = documents;
  const base = baseOf(row);
  // documents of earlier epochs are deleted when the snapshot of a later one is complete
  const headSeq = epoch === row.epoch ? row.nextSeq - 1 : epoch === base?.epoch ? base.headSeq : undefined;
  if (epoch > row.epoch || (headSeq !== undefined && seq > headSeq)) {
    return diverged(
      `the document store has a document of event ${seq} of epoch ${epoch}, which this database has never published, so it was restored from a backup`,
    );
  }
  const isOfEarlierBase = base !== undefined && epoch < base.epoch;
  if ((isOfEarlierBase && isForeign) || (headSeq !== undefined && (isForeign || (await isAnother(em, documents))))) {
    return diverged(
      `the document store has documents of other events of epoch ${epoch} than this database, so it was restored from a backup`,
    );
  }
  return undefined;
}

async function ofSameEpoch(given: Case, position: Position): Promise<Diagnosis> {
  const { epoch, nextSeq, ackedSeq } = given.row;
  const { seq, headSeq, conflictSeq, lacksBase } = position;
  if (headSeq > nextSeq - 1) {
    return diverged(
      `central knows event ${headSeq} and this database ends at event ${nextSeq - 1}, so it was restored from a backup`,
    );
  }
  if (conflictSeq !== undefined) {
    return diverged(
      `central has received two different events with the sequence number ${conflictSeq} in epoch ${epoch}, so this database was restored from a backup`,
    );
  }
  if (await isAnother(given.em, position)) {
    return diverged(`event ${seq} is a different event in central, so this database was restored from a backup`);
  }
  if (lacksBase) {
    return diverged(`central lacks events that epoch ${epoch} builds on, so it was restored from a backup`);
  }
  if (seq > ackedSeq) {
    // the events had arrived, and only the acknowledgement was lost
    return { kind: 'arrived', seq };
  }
  return isArrivalKnown(given) && seq < ackedSeq
    ? { kind: 'lost', seq, reason: `central ends at event ${seq}, so it was restored from a backup` }
    : WELL;
}

/** The diagnosis where central is in an earlier epoch: no event of the region's epoch has arrived, or central has lost them. */
async function ofEarlierEpoch(given: Case, position: Position): Promise<Diagnosis> {
  const { em, row } = given;
  if (!isArrivalKnown(given)) {
    return WELL;
  }
  const reason = `central is still in epoch ${position.epoch}, so it was restored from a backup`;
  if (await comesWhole(given)) {
    return row.ackedSeq === 0 ? WELL : remembers(given) ? diverged(reason) : { kind: 'lost', seq: 0, reason };
  }
  const base = baseOf(row);
  if (row.ackedSeq > 0 || base === undefined) {
    return diverged(reason);
  }
  return canBuildOn(base, position) && !position.lacksBase && !(await isAnother(em, position))
    ? WELL
    : diverged(
        `epoch ${row.epoch} builds on events ${base.seq} to ${base.headSeq} of epoch ${base.epoch} and central is at event ${position.seq} of epoch ${position.epoch}, so one of the two was restored from a backup`,
      );
}

/** Whether the transport stores published events, so that it would discard an event that is sent again as a duplicate. */
function remembers({ transport }: Case): boolean {
  return transport.stored !== undefined;
}

/** Whether the region knows which events have arrived. */
function isArrivalKnown(given: Case): boolean {
  return given.transport.acknowledgesApplied || remembers(given);
}

/** Whether a region is empty and has never written an event: then it was lost rather than restored. */
async function isEmpty({ em, snapshots }: Case): Promise<boolean> {
  const { rows } = await sql`select 1 from outbox_event limit 1`.execute(em.getKysely());
  return rows.length === 0 && (await snapshots.isEmpty(em));
}

/** Whether the epoch repeats everything that the region holds, and its first events still exist. */
async function comesWhole({ em, row }: Case): Promise<boolean> {
  return row.base === null && (row.nextSeq === 1 || (await eventAt(em, row.epoch, 1)) !== undefined);
}

/** Whether the region has another event with that sequence number. A purged event cannot be compared. */
async function isAnother(
  em: EntityManager,
  { epoch, seq, eventId }: Pick<Position, 'epoch' | 'seq' | 'eventId'>,
): Promise<boolean> {
  const here = seq === 0 ? undefined : await eventAt(em, epoch, seq);
  return here !== undefined && here.eventId !== eventId;
}
