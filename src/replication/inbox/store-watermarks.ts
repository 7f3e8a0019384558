/**
 * The watermarks that the document store reports, compared with what central knows: the store may hold documents of events that central
 * and the region have lost, when both were restored from backups. Central reports them to relays with its position.
 */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import type { DocumentWatermark } from '../transport/transport.ts';
import { StoreWatermark } from './store-watermark.entity.ts';

interface Known {
  /** The epoch that central is in; nothing for a region that it does not know. */
  readonly centralEpoch: number | null;
  /** The event that central knows with the number of the watermark. */
  readonly centralEventId: string | null;
  readonly noted: (DocumentWatermark & { readonly isForeign: boolean }) | undefined;
}

/**
 * Records the watermarks of the store that have changed.
 *
 * @returns the regions whose documents must not be put: the store has documents that central does not know, so it is not known whether
 *   they belong to the same history
 */
export async function noteStoreWatermarks(
  central: Database,
  watermarks: ReadonlyMap<string, DocumentWatermark>,
): Promise<ReadonlyMap<string, DocumentWatermark>> {
  const ahead = new Map<string, DocumentWatermark>();
  for (const [region, mark] of watermarks) {
    const em = central.fork();
    const known = await knownOf(em, region, mark);
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

/** Records that the store has the document of another checkout under the key of one that central knows. */
export async function noteForeignDocument(central: Database, region: string): Promise<void> {
  await central.fork().nativeUpdate(StoreWatermark, { region }, { isForeign: true });
}

async function knownOf(em: EntityManager, region: string, { epoch, seq }: DocumentWatermark): Promise<Known> {
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
 * What was once found in an epoch stays so, for as long as the store is in it. Of an epoch that central has left behind, no event can come any
 * more that it does not know.
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
