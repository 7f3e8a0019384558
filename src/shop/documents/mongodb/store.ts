/** The document store on MongoDB, or a server that speaks its protocol. */
import type { DocumentWatermark } from '../../../replication/index.ts';
import { readStored } from '../read-stored.ts';
import type { ComponentList, DocumentStore, UnacceptedDocument, VersionedDocument } from '../store.ts';
import { newestOf, unacceptedDocuments, unacceptedLists } from '../unaccepted.ts';
import {
  type Collections,
  ensureIndexes,
  ensureWatermarks,
  type MongodbComponentList,
  type MongodbDocument,
  openCollections,
  pendingIndexes,
  ping,
} from './collections.ts';
import { explainMongodbError } from './errors.ts';
import { filterOf } from './filter.ts';
import { putNewer } from './put-newer.ts';
import { displayMongodb } from './url.ts';

/**
 * @param readOnly does not create indexes
 * @throws MeridianError `usage` for an invalid URL; `database` when no server responds, or it refuses the login
 */
export async function openMongodbStore(
  url: string,
  { readOnly }: { readonly readOnly: boolean },
): Promise<DocumentStore> {
  const collections = await openChecked(url);
  if (!readOnly) {
    await orClose(collections, url, async () => {
      await ensureIndexes(collections);
      await ensureWatermarks(collections);
    });
  }
  return storeOf(url, collections);
}

/** Creates the missing indexes. @returns their names. @throws MeridianError like `openMongodbStore` */
export function ensureMongodbIndexes(url: string): Promise<string[]> {
  return withCollections(url, ensureIndexes);
}

/** The names of the indexes that are missing. @throws MeridianError like `openMongodbStore` */
export function pendingMongodbIndexes(url: string): Promise<string[]> {
  return withCollections(url, pendingIndexes);
}

async function withCollections<T>(url: string, work: (collections: Collections) => Promise<T>): Promise<T> {
  const collections = await openChecked(url);
  try {
    return await explained(url, () => work(collections));
  } finally {
    await collections.close();
  }
}

async function openChecked(url: string): Promise<Collections> {
  const collections = await explained(url, () => openCollections(url));
  await orClose(collections, url, () => ping(collections));
  return collections;
}

async function orClose(collections: Collections, url: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await explained(url, work);
  } catch (error) {
    await collections.close();
    throw error;
  }
}

function storeOf(url: string, collections: Collections): DocumentStore {
  const { documents, componentLists, watermarks } = collections;
  const run = <T>(work: () => Promise<T>) => explained(url, work);
  return {
    place: displayMongodb(url),
    putDocuments: (given) => run(() => putDocuments(collections, given)),
    forgetEarlierEpochs: (region, epoch) =>
      run(async () => {
        await raiseWatermarks(collections, new Map([[region, { epoch, seq: 0, eventId: null }]]));
        await documents.deleteMany({ region: { $eq: region }, epoch: { $lt: epoch } });
      }),
    forgetRegion: (region) =>
      run(async () => {
        await documents.deleteMany({ region: { $eq: region } });
        await watermarks.deleteOne({ _id: region });
      }),
    watermarks: () =>
      run(async () => {
        const marks = await watermarks.find().toArray();
        return new Map(marks.map(({ _id, epoch, seq, eventId }) => [_id, { epoch, seq, eventId }]));
      }),
    putComponentLists: (lists) =>
      run(async () => {
        const rows = lists.map((list) => ({ _id: list.productId, ...list }));
        const contested = await putNewer(componentLists, rows, ['version']);
        const there = await componentLists.find({ _id: { $in: contested.map(({ _id }) => _id) } }).toArray();
        return unacceptedLists(contested, there.map(listOf));
      }),
    componentVersions: (afterProductId, limit) =>
      run(async () => {
        const projection = { productId: 1, version: 1 };
        const lists = componentLists
          .find({ _id: { $gt: afterProductId } }, { projection })
          .sort({ _id: 1 })
          .limit(limit);
        return (await lists.toArray()).map(({ productId, version }) => ({ productId, version }));
      }),
    removeComponentLists: (lists) =>
      run(async () => {
        for (const { productId, version } of lists) {
          await componentLists.deleteOne({ _id: productId, version });
        }
      }),
    findDocuments: (query) =>
      run(async () => {
        const sort = { placedAt: -1, region: 1, orderId: 1 } as const;
        const found = await documents.find(filterOf(query)).sort(sort).limit(query.limit).toArray();
        return found.map((one) => readStored(one as unknown as Record<string, unknown>));
      }),
    componentListsOf: (productIds) =>
      run(async () => (await componentLists.find({ _id: { $in: [...productIds] } }).toArray()).map(listOf)),
    componentListsWith: (productIds) =>
      run(async () =>
        (await componentLists.find({ 'components.productId': { $in: [...productIds] } }).toArray()).map(listOf),
      ),
    count: () =>
      run(async () => ({
        documents: await documents.countDocuments(),
        componentLists: await componentLists.countDocuments(),
      })),
    close: () => collections.close(),
  };
}

function rowOf({ orderId, epoch, version, document }: VersionedDocument): MongodbDocument {
  return { _id: `${document.region}/${orderId}`, orderId, epoch, version, ...document };
}

/** Writes the watermarks before the documents: there is no transaction, and no document may be newer than its watermark. */
async function putDocuments(
  collections: Collections,
  given: readonly VersionedDocument[],
): Promise<readonly UnacceptedDocument[]> {
  const { documents } = collections;
  await raiseWatermarks(collections, newestOf(given));
  const contested = await putNewer(documents, given.map(rowOf), ['epoch', 'version']);
  if (contested.length === 0) {
    return [];
  }
  const ids = new Set(contested.map(({ _id }) => _id));
  const projection = { region: 1, orderId: 1, epoch: 1, version: 1, id: 1, placedAt: 1 };
  const there = await documents
    .find({ _id: { $in: [...ids] } }, { projection })
    .map((one) => ({ ...one, id: String(one.id) }))
    .toArray();
  return unacceptedDocuments(
    given.filter((one) => ids.has(rowOf(one)._id)),
    there,
  );
}

async function raiseWatermarks(
  { watermarks }: Collections,
  marks: ReadonlyMap<string, DocumentWatermark>,
): Promise<void> {
  await putNewer(
    watermarks,
    [...marks].map(([region, mark]) => ({ _id: region, ...mark })),
    ['epoch', 'seq'],
  );
}

function listOf({ productId, version, components }: MongodbComponentList): ComponentList {
  return {
    productId,
    version,
    components: components.map((one) => ({ productId: one.productId, quantity: one.quantity })),
  };
}

async function explained<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainMongodbError(url, error);
  }
}
