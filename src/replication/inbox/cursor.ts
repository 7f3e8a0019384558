/** The position of central with each region: all events up to the cursor are processed, in whatever order they arrived. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { canBuildOn } from '../events/epoch.ts';
import type { Batch, Position } from '../transport/transport.ts';
import { countDeadLetters } from './dead-letters.ts';

interface CursorRow {
  readonly epoch: number;
  readonly seq: number;
  readonly headSeq: number;
}

/** The locked cursor, before a batch is applied. */
export interface LockedCursor extends CursorRow {
  readonly conflictSeq: number | null;
  readonly lacksBase: boolean;
}

/** Inbox rows per page, which are read when events have arrived out of order. */
const PAGE_EVENTS = 1000;

/**
 * @returns `undefined` for a region that central does not know
 * @throws MeridianError when central cannot be read
 */
export async function positionOf(central: Database, region: string): Promise<Position | undefined> {
  try {
    const em = central.outside;
    const position = await positionIn(em, region);
    return position && { ...position, deadLetters: await countDeadLetters(em, region) };
  } catch (error) {
    throw central.fault(error);
  }
}

/** All regions that central knows, by name. */
export async function knownToCentral(central: Database): Promise<string[]> {
  const { rows } = await sql<{ region: string }>`select region from region_cursor order by region`.execute(
    central.outside.getKysely(),
  );
  return rows.map(({ region }) => region);
}

export interface KnownRegion extends CursorRow {
  readonly region: string;
  /** When the newest received event occurred: ISO 8601, UTC. */
  readonly occurredAt: string;
  /** When the last batch arrived. */
  readonly heardAt: string;
}

/** The cursors of all regions that central knows, by name. */
export async function cursors(central: Database): Promise<KnownRegion[]> {
  const { rows } = await sql<KnownRegion>`
    select region, epoch, seq, head_seq as "headSeq", coalesce(occurred_at, '') as "occurredAt", heard_at as "heardAt"
    from region_cursor order by region`.execute(central.outside.getKysely());
  return rows;
}

/** The position of central with a region, read in the transaction of `em`. */
export async function positionIn(em: EntityManager, region: string): Promise<Position | undefined> {
  const { rows } = await sql<PositionRow>`
    select cursor.epoch, cursor.seq, cursor.head_seq as "headSeq", inbox.event_id as "eventId",
      cursor.conflict_seq as "conflictSeq", cursor.lacks_base as "lacksBase",
      store.epoch as "storeEpoch", store.seq as "storeSeq", store.event_id as "storeEventId", store.is_foreign as "isForeign"
    from region_cursor as cursor
    left join inbox_event as inbox
      on inbox.region = cursor.region and inbox.epoch = cursor.epoch and inbox.seq = cursor.seq
    left join store_watermark as store on store.region = cursor.region
    where cursor.region = ${region}`.execute(em.getKysely());
  return rows[0] && toPosition(rows[0]);
}

interface PositionRow
  extends Pick<Position, 'epoch' | 'seq' | 'headSeq' | 'eventId'>,
    Pick<LockedCursor, 'conflictSeq'> {
  readonly lacksBase: boolean | number;
  /** `null` if the document store has never reported. */
  readonly storeEpoch: number | null;
  readonly storeSeq: number;
  readonly storeEventId: string | null;
  readonly isForeign: boolean | number;
}

/** Converts a row to a position, leaving out conditions that are in order. */
function toPosition(row: PositionRow): Position {
  const { epoch, seq, headSeq, eventId, conflictSeq, lacksBase } = row;
  const { storeEpoch, storeSeq, storeEventId, isForeign } = row;
  return {
    epoch,
    seq,
    headSeq,
    eventId,
    ...(conflictSeq === null ? {} : { conflictSeq }),
    ...(lacksBase ? { lacksBase: true } : {}),
    ...(storeEpoch === null
      ? {}
      : { documents: { epoch: storeEpoch, seq: storeSeq, eventId: storeEventId, isForeign: Boolean(isForeign) } }),
  };
}

/**
 * Locks the cursor of a batch's region. A missing cursor is created, in epoch 0, which precedes all others. This must be the first
 * statement of a transaction, since it serializes the batches of a region.
 */
export async function lockCursor(em: EntityManager, { region }: Batch, heardAt: string): Promise<LockedCursor> {
  const { rows } = await sql<LockedCursor>`
    insert into region_cursor (region, epoch, seq, head_seq, heard_at) values (${region}, 0, 0, 0, ${heardAt})
    on conflict (region) do update set heard_at = excluded.heard_at
    returning epoch, seq, head_seq as "headSeq", conflict_seq as "conflictSeq", lacks_base as "lacksBase"`.execute(
    em.getKysely(),
  );
  return rows[0] as LockedCursor;
}

/** The events of a batch that are in the inbox. */
export interface EnteredEvents {
  /** Sequence numbers of the batch that are now in the inbox, in ascending order. */
  readonly seqs: readonly number[];
  /** The lowest sequence number that another event in the inbox has. */
  readonly conflictSeq: number | null;
}

/**
 * Moves the cursor over all events that are in the inbox without a gap.
 *
 * @param before the locked cursor; of an earlier epoch if this batch begins a new one
 */
export async function moveCursor(
  em: EntityManager,
  batch: Batch,
  before: LockedCursor,
  { seqs, conflictSeq }: EnteredEvents,
): Promise<void> {
  const { region, epoch, headSeq, events } = batch;
  const begun = before.epoch < epoch ? beginning(batch, before) : before;
  const head = Math.max(begun.headSeq, headSeq);
  let seq = over(begun.seq, seqs);
  while (seq < head) {
    const { rows } = await sql<{ seq: number }>`
      select seq from inbox_event where region = ${region} and epoch = ${epoch} and seq > ${seq}
      order by seq limit ${PAGE_EVENTS}`.execute(em.getKysely());
    const next = over(
      seq,
      rows.map((row) => row.seq),
    );
    if (next === seq) {
      break;
    }
    seq = next;
  }
  const occurredAt = events.reduce((newest, event) => (event.occurredAt > newest ? event.occurredAt : newest), '');
  await sql`
    update region_cursor
    set epoch = ${epoch}, seq = ${seq}, head_seq = ${head},
      conflict_seq = ${begun.conflictSeq ?? conflictSeq}, lacks_base = ${sql.raw(begun.lacksBase ? 'true' : 'false')},
      occurred_at = case when occurred_at > ${occurredAt} then occurred_at else ${occurredAt} end
    where region = ${region}`.execute(em.getKysely());
}

/** The cursor at the beginning of an epoch. Central must already have all events that the epoch does not repeat. */
function beginning({ epoch, base }: Batch, before: LockedCursor): LockedCursor {
  const lacksBase = base !== undefined && (Boolean(before.lacksBase) || !canBuildOn(base, before));
  return { epoch, seq: 0, headSeq: 0, conflictSeq: null, lacksBase };
}

/** The last of the sequence numbers that follow `seq` without a gap. */
function over(seq: number, seqs: readonly number[]): number {
  let last = seq;
  for (const next of seqs) {
    if (next > last + 1) {
      return last;
    }
    last = Math.max(last, next);
  }
  return last;
}
