/**
 * The watermarks that the document store reports, compared with central's events. When both central and a region were restored from
 * backups, the store may have documents of events that both have lost. Central reports the watermarks to relays with its position.
 */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import type { DocumentWatermark } from '../transport/transport.ts';
import { StoreWatermark } from './store-watermark.entity.ts';

interface Known {
  /** The epoch of the region in central; `null` for an unknown region. */
  readonly centralEpoch: number | null;
  /** The id of central's event with the sequence number of the watermark. */
  readonly centralEventId: string | null;
  readonly noted: (DocumentWatermark & { readonly isForeign: boolean }) | undefined;
}

/**
 * Records the changed watermarks of the store.
 *
 * @returns the regions whose documents must not be written: the store has documents that central does not know, which may belong to another
 *   history
 */
export async function noteStoreWatermarks(
  central: Database,
  watermarks: ReadonlyMap<string, DocumentWatermark>,
): Promise<ReadonlyMap<string, DocumentWatermark>> {
  const ahead = new Map<string, DocumentWatermark>();
  for (const [region, mark] of watermarks) {
    const em = central.fork();
    const known = await readKnown(em, region, mark);
    const isForeign = isForeignTo(known, mark);
    const { noted } = known;
    const isNoted = noted?.epoch === mark.epoch && noted.seq === mark.seq && noted.eventId === mark.eventId;
    if (!isNoted || noted?.isForeign !== isForeign) {
      await em.upsert(StoreWatermark, { region, ...mark, isForeign });
    }
    if (isAhead(known, mark, isForeign)) {
      ahead.set(region, mark);
    }
  }
  return ahead;
}

/** Records that the store has the document of another checkout under a key that central knows. */
export async function noteForeignDocument(central: Database, region: string): Promise<void> {
  await central.fork().nativeUpdate(StoreWatermark, { region }, { isForeign: true });
}

async function readKnown(em: EntityManager, region: string, { epoch, seq }: DocumentWatermark): Promise<Known> {
  const { rows } = await sql<Pick<Known, 'centralEpoch' | 'centralEventId'>>`
    select
      (select epoch from region_cursor where region = ${region}) as "centralEpoch",
      (select event_id from inbox_event where region = ${region} and epoch = ${epoch} and seq = ${seq}) as "centralEventId"`.execute(
    em.getKysely(),
  );
  const noted = await em.findOne(StoreWatermark, { region }, { disableIdentityMap: true });
  return { ...(rows[0] as Pick<Known, 'centralEpoch' | 'centralEventId'>), noted: noted ?? undefined };
}

/**
 * Whether the store's documents belong to another history. Once found, this stays true as long as the store is in the same epoch. An event
 * that central does not know is foreign if its epoch is over in central, since it cannot arrive any more.
 */
function isForeignTo(
  { centralEpoch, centralEventId, noted }: Known,
  { epoch, seq, eventId }: DocumentWatermark,
): boolean {
  if (noted?.isForeign === true && noted.epoch === epoch) {
    return true;
  }
  return centralEventId === null ? seq > 0 && epoch < (centralEpoch ?? 0) : centralEventId !== eventId;
}

function isAhead(
  { centralEpoch, centralEventId }: Known,
  { epoch, seq }: DocumentWatermark,
  isForeign: boolean,
): boolean {
  const reached = centralEpoch ?? 0;
  return epoch > reached || (epoch === reached && (isForeign || (seq > 0 && centralEventId === null)));
}
