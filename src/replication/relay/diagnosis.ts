/** Finds out whether a region, central or the document store was restored from a backup, or lost. */
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
  /** Central has got further than the region has recorded. */
  | { readonly kind: 'arrived'; readonly seq: number }
  /** Central has lost what came after `seq`. The reason has no full stop. */
  | { readonly kind: 'lost'; readonly seq: number; readonly reason: string }
  /** Only a new epoch that repeats everything makes them agree again. */
  | { readonly kind: 'diverged'; readonly reason: string };

/** What a diagnosis needs besides the row and the position. */
export interface Surroundings {
  readonly snapshots: Pick<SnapshotSource, 'isEmpty'>;
  readonly transport: Pick<Transport, 'acknowledgesApplied' | 'stored'>;
  /** What the transport has stored between the region and central. */
  readonly stored: StoredRange | 'empty' | undefined;
}

interface Case extends Surroundings {
  readonly em: EntityManager;
  readonly row: RelayRow;
}

const WELL: Diagnosis = { kind: 'well' };

const diverged = (reason: string): Diagnosis => ({ kind: 'diverged', reason });

/**
 * @param row as it is in the database now
 * @throws MeridianError `database` when the region's database has nothing in it and central has
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

/** Central does not know the region, or has lost everything of it. */
async function ofUnknownRegion(given: Case): Promise<Diagnosis> {
  const { epoch, ackedSeq } = given.row;
  const base = baseOf(given.row);
  const comes = base === undefined ? await comesWhole(given) : canBuildOn(base, NOTHING_REACHED);
  if (!isArrivalKnown(given) || (ackedSeq === 0 && comes)) {
    return WELL;
  }
  const reason = 'central knows nothing of this region any more';
  return epoch === 1 && !remembers(given) ? { kind: 'lost', seq: 0, reason } : diverged(reason);
}

/** @throws MeridianError for a region that has nothing: it was lost, and not restored */
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

/** The document store may hold documents of events that were lost with both databases. */
async function ofDocuments({ em, row }: Case, { documents }: Position): Promise<Diagnosis | undefined> {
  if (documents === undefined) {
    return undefined;
  }
  const { epoch, seq, isForeign } = documents;
  const base = baseOf(row);
  // documents of earlier epochs are removed when the snapshot of a later one is complete
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
      `central has got two different events ${conflictSeq} of epoch ${epoch}, so this database was restored from a backup`,
    );
  }
  if (await isAnother(given.em, position)) {
    return diverged(`event ${seq} is another one than central's, so this database was restored from a backup`);
  }
  if (lacksBase) {
    return diverged(`central lacks events that epoch ${epoch} builds on, so it was restored from a backup`);
  }
  if (seq > ackedSeq) {
    // the events had arrived, and only the answer was lost
    return { kind: 'arrived', seq };
  }
  return isArrivalKnown(given) && seq < ackedSeq
    ? { kind: 'lost', seq, reason: `central ends at event ${seq}, so it was restored from a backup` }
    : WELL;
}

/** No event of the region's epoch has arrived in central, or central has lost them. */
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

/** Whether the transport remembers published events: it would take an event that is sent again for a repetition. */
function remembers({ transport }: Case): boolean {
  return transport.stored !== undefined;
}

/** Whether the region knows which events have arrived. */
function isArrivalKnown(given: Case): boolean {
  return given.transport.acknowledgesApplied || remembers(given);
}

/** Whether a region holds nothing and has never written an event: then it was lost rather than restored. */
async function isEmpty({ em, snapshots }: Case): Promise<boolean> {
  const { rows } = await sql`select 1 from outbox_event limit 1`.execute(em.getKysely());
  return rows.length === 0 && (await snapshots.isEmpty(em));
}

/** Whether the events of the epoch repeat everything that the region holds, and the first of them are still there. */
async function comesWhole({ em, row }: Case): Promise<boolean> {
  return row.base === null && (row.nextSeq === 1 || (await eventAt(em, row.epoch, 1)) !== undefined);
}

/** Whether the region has another event with that sequence number. It no longer knows the events that it has purged. */
async function isAnother(
  em: EntityManager,
  { epoch, seq, eventId }: Pick<Position, 'epoch' | 'seq' | 'eventId'>,
): Promise<boolean> {
  const here = seq === 0 ? undefined : await eventAt(em, epoch, seq);
  return here !== undefined && here.eventId !== eventId;
}
