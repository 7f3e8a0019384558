/** The queue of documents in central that the document store does not have yet. */
import type { Kysely } from 'kysely';
import { type Database, type EntityManager, type EntityTables, type Row, statement } from '../../databases.ts';
import { FORGET_EARLIER, QueuedDocument } from './facts/document-queue.entity.ts';

/** Documents per write to the store. */
const PAGE_DOCUMENTS = 500;

type QueueTables = EntityTables<typeof QueuedDocument>;

/** The number of queued documents. */
export interface QueueLength {
  readonly waiting: number;
  /** Queued documents that the store refused at the last attempt. */
  readonly refused: number;
}

/** Queues documents, in the transaction that applies their events. Of two documents of a checkout, the newer one wins. */
export async function queueDocuments(
  central: Database,
  em: EntityManager,
  documents: readonly QueuedDocument[],
): Promise<void> {
  await central.bulk(QueuedDocument).upsertNewer(em, documents as unknown as readonly Row[], ['epoch', 'version']);
}

/** Queues the deletion of a region's documents of earlier epochs: the region has sent everything again, so they no longer exist in it. */
export async function queueForgetting(
  central: Database,
  em: EntityManager,
  region: string,
  epoch: number,
): Promise<void> {
  await em.nativeDelete(QueuedDocument, { region, orderId: { $ne: FORGET_EARLIER }, epoch: { $lt: epoch } });
  await queueDocuments(central, em, [
    { region, orderId: FORGET_EARLIER, epoch, version: 1, seq: null, eventId: null, payload: '{}', error: null },
  ]);
}

export interface WantedDocuments {
  /** Whether to include documents that the store has refused. */
  readonly withRefused: boolean;
  /** Regions whose documents have to wait. */
  readonly except?: readonly string[];
}

/** @param after the last document of the previous page; pages are sorted by region and order */
export async function nextDocuments(
  central: Database,
  after: Pick<QueuedDocument, 'region' | 'orderId'> | undefined,
  { withRefused, except = [] }: WantedDocuments,
): Promise<QueuedDocument[]> {
  const { region = '', orderId = 0 } = after ?? {};
  return central.fork().find(
    QueuedDocument,
    {
      orderId: { $gt: FORGET_EARLIER },
      ...(withRefused ? {} : { error: null }),
      ...(except.length === 0 ? {} : { region: { $nin: except } }),
      $or: [{ region: { $gt: region } }, { region, orderId: { $gt: orderId } }],
    },
    { orderBy: { region: 'asc', orderId: 'asc' }, limit: PAGE_DOCUMENTS, disableIdentityMap: true },
  );
}

/** Queued deletions of documents of earlier epochs, with region and epoch. */
export async function forgettings(central: Database): Promise<QueuedDocument[]> {
  return central.fork().find(QueuedDocument, { orderId: FORGET_EARLIER }, { disableIdentityMap: true });
}

/** Whether any documents are queued, to be written to the store or deleted from it. */
export async function isAnythingQueued(central: Database, { withRefused }: WantedDocuments): Promise<boolean> {
  const { rows } = await (withRefused ? anyQueued : anyWaiting)(central.outside);
  return rows.length > 0;
}

// prepared, since these queries run often and mostly find nothing
const anyQueued = statement((tables: Kysely<QueueTables>) =>
  tables.selectFrom('QueuedDocument').select('region').limit(1),
);
const anyWaiting = statement((tables: Kysely<QueueTables>) =>
  tables.selectFrom('QueuedDocument').select('region').where('error', 'is', null).limit(1),
);

/** Removes documents from the queue that the store has, except those that were replaced by newer ones meanwhile. */
export async function unqueue(central: Database, documents: readonly QueuedDocument[]): Promise<void> {
  const rows = documents.map(({ region, orderId, epoch, version }) => ({ region, orderId, epoch, version }));
  await central.bulk(QueuedDocument).deleteMatching(central.fork(), rows, ['region', 'orderId', 'epoch', 'version']);
}

/** Records why the store refuses a document, so that it does not block others. */
export async function noteRefusal(
  central: Database,
  { region, orderId, epoch, version }: QueuedDocument,
  error: string,
): Promise<void> {
  const text = error.replaceAll('\0', '\ufffd');
  await central.fork().nativeUpdate(QueuedDocument, { region, orderId, epoch, version }, { error: text });
}

export async function queueLength(central: Database): Promise<QueueLength> {
  const em = central.fork();
  const where = { orderId: { $gt: FORGET_EARLIER } };
  const [waiting, refused] = [
    await em.count(QueuedDocument, where),
    await em.count(QueuedDocument, { ...where, error: { $ne: null } }),
  ];
  return { waiting, refused };
}

/** The first documents that the store has refused, with the reasons. */
export async function refusedDocuments(central: Database, limit: number): Promise<QueuedDocument[]> {
  return central
    .fork()
    .find(
      QueuedDocument,
      { error: { $ne: null } },
      { orderBy: { region: 'asc', orderId: 'asc' }, limit, disableIdentityMap: true },
    );
}
