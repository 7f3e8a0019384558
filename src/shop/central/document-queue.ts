/** The queue of documents that wait in central until the document store has them. */
import type { Kysely } from 'kysely';
import { type Database, type EntityManager, type EntityTables, type Row, statement } from '../../databases.ts';
import { FORGET_EARLIER, QueuedDocument } from './facts/document-queue.entity.ts';

/** Documents that the store is given at once. */
const PAGE_DOCUMENTS = 500;

type QueueTables = EntityTables<typeof QueuedDocument>;

/** What is waiting to be brought to the document store. */
export interface QueueLength {
  readonly waiting: number;
  /** Of those, the ones that the store did not take when it was last given them. */
  readonly refused: number;
}

/** In the transaction that applies their events: of two documents of one checkout the newer one stays. */
export async function queueDocuments(
  central: Database,
  em: EntityManager,
  documents: readonly QueuedDocument[],
): Promise<void> {
  await central.bulk(QueuedDocument).upsertNewer(em, documents as unknown as readonly Row[], ['epoch', 'version']);
}

/** A region has sent everything again: documents that it published only in earlier epochs are gone from it. */
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
  /** Whether to give those again that the store has refused. */
  readonly withRefused: boolean;
  /** Regions whose documents have to wait. */
  readonly except?: readonly string[];
}

/** @param after only those behind this one, in the order of region and order */
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

/** Regions whose documents of epochs before this one are to be removed from the store. */
export async function forgettings(central: Database): Promise<QueuedDocument[]> {
  return central.fork().find(QueuedDocument, { orderId: FORGET_EARLIER }, { disableIdentityMap: true });
}

/** Whether anything is to be brought to the store, or to be removed from it. */
export async function isAnythingQueued(central: Database, { withRefused }: WantedDocuments): Promise<boolean> {
  const { rows } = await (withRefused ? anyQueued : anyWaiting)(central.outside);
  return rows.length > 0;
}

// asked again and again, and mostly there is nothing
const anyQueued = statement((tables: Kysely<QueueTables>) =>
  tables.selectFrom('QueuedDocument').select('region').limit(1),
);
const anyWaiting = statement((tables: Kysely<QueueTables>) =>
  tables.selectFrom('QueuedDocument').select('region').where('error', 'is', null).limit(1),
);

/** Takes from the queue what the store has: nothing that has been replaced by something newer meanwhile. */
export async function unqueue(central: Database, documents: readonly QueuedDocument[]): Promise<void> {
  const rows = documents.map(({ region, orderId, epoch, version }) => ({ region, orderId, epoch, version }));
  await central.bulk(QueuedDocument).deleteMatching(central.fork(), rows, ['region', 'orderId', 'epoch', 'version']);
}

/** Notes why the store does not take a document, which then holds up no others. */
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

/** The oldest of the documents that the store did not take, with the reason. */
export async function refusedDocuments(central: Database, limit: number): Promise<QueuedDocument[]> {
  return central
    .fork()
    .find(
      QueuedDocument,
      { error: { $ne: null } },
      { orderBy: { region: 'asc', orderId: 'asc' }, limit, disableIdentityMap: true },
    );
}
