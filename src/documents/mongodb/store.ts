/** The document store on MongoDB, or a server that speaks its protocol. */
import type { Collection, Filter } from 'mongodb';
import { readStored } from '../read-stored.ts';
import type { ComponentList, DocumentStore, VersionedDocument } from '../store.ts';
import {
  type Collections,
  ensureIndexes,
  type MongodbComponentList,
  type MongodbDocument,
  openCollections,
  pendingIndexes,
  ping,
} from './collections.ts';
import { explainMongodbError } from './errors.ts';
import { filterOf } from './filter.ts';
import { displayMongodb } from './url.ts';

/** Times that a document is tried to be put which somebody else is putting at the same moment. */
const MAX_ATTEMPTS = 10;

const DUPLICATE_KEY = 11000;

/**
 * @param lookOnly makes no index
 * @throws MeridianError `usage` for a URL that is not understood; `database` when no server answers, or it lets nobody in
 */
export async function openMongodbStore(
  url: string,
  { lookOnly }: { readonly lookOnly: boolean },
): Promise<DocumentStore> {
  const collections = await openChecked(url);
  if (!lookOnly) {
    await orClose(collections, url, () => ensureIndexes(collections));
  }
  return storeOf(url, collections);
}

/** Makes the indexes that are missing. @returns their names. @throws MeridianError as `openMongodbStore` does */
export function ensureMongodbIndexes(url: string): Promise<string[]> {
  return withCollections(url, ensureIndexes);
}

/** The names of the indexes that are missing. @throws MeridianError as `openMongodbStore` does */
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
  const { documents, componentLists } = collections;
  const run = <T>(work: () => Promise<T>) => explained(url, work);
  return {
    place: displayMongodb(url),
    putDocuments: (given) => run(() => putNewer(documents, given.map(rowOf))),
    forgetEarlierEpochs: (region, epoch) =>
      run(async () => {
        await documents.deleteMany({ region: { $eq: region }, epoch: { $lt: epoch } });
      }),
    putComponentLists: (lists) =>
      run(() =>
        putNewer(
          componentLists,
          lists.map((list) => ({ _id: list.productId, ...list })),
        ),
      ),
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

/** Of documents that are there already the newer stay, by region and order. */
function rowOf({ orderId, epoch, version, document }: VersionedDocument): MongodbDocument {
  return { _id: `${document.region}/${orderId}`, orderId, epoch, version, ...document };
}

type Aged = { readonly _id: string | number; readonly epoch?: number; readonly version: number };

/**
 * Inserts what is not there, and replaces what is older. Each by itself: a statement that does both has to find the key taken
 * where what is there is newer, and servers differ in what becomes of the others then.
 */
async function putNewer<Row extends Aged>(collection: Collection<Row>, rows: readonly Row[]): Promise<void> {
  const untyped = collection as unknown as Collection<Aged>;
  for (let attempt = 1; ; attempt++) {
    const there = await untyped
      .find({ _id: { $in: rows.map(({ _id }) => _id) } }, { projection: { epoch: 1, version: 1 } })
      .toArray();
    const ages = new Map(there.map((one) => [one._id, one]));
    const fresh = rows.filter(({ _id }) => !ages.has(_id));
    try {
      if (fresh.length > 0) {
        await untyped.insertMany(fresh);
      }
    } catch (error) {
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY || attempt === MAX_ATTEMPTS) {
        throw error;
      }
      // somebody else has put some of them meanwhile: look again
      continue;
    }
    const newer = rows.filter((row) => isNewer(row, ages.get(row._id)));
    if (newer.length > 0) {
      await untyped.bulkWrite(newer.map((row) => ({ replaceOne: { filter: olderThan(row), replacement: row } })));
    }
    return;
  }
}

function isNewer(row: Aged, there: Aged | undefined): boolean {
  const [epoch, before] = [row.epoch ?? 0, there?.epoch ?? 0];
  return there !== undefined && (before < epoch || (before === epoch && there.version < row.version));
}

/** The same of what is there by the time of writing. */
function olderThan({ _id, epoch, version }: Aged): Filter<Aged> {
  const isOlder = { version: { $lt: version } };
  return epoch === undefined ? { _id, ...isOlder } : { _id, $or: [{ epoch: { $lt: epoch } }, { epoch, ...isOlder }] };
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
