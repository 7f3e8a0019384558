/** The collections of a document store on MongoDB, their indexes, and the MikroORM instance behind them. */
import { EntitySchema, MikroORM } from '@mikro-orm/mongodb';
import type { Collection, IndexDescription } from 'mongodb';
import type { DocumentWatermark } from '../../../replication/index.ts';
import type { OrderDocument } from '../model/order-document.ts';
import type { ComponentList } from '../store.ts';
import { mongodbPlace } from './url.ts';

/** The document with its version. */
export type MongodbDocument = OrderDocument & {
  /** Region and order: `boston/17`. */
  readonly _id: string;
  readonly orderId: number;
  readonly epoch: number;
  readonly version: number;
};

export type MongodbComponentList = ComponentList & {
  /** The product. */
  readonly _id: number;
};

type MongodbWatermark = DocumentWatermark & {
  /** The region. */
  readonly _id: string;
};

export interface Collections {
  readonly documents: Collection<MongodbDocument>;
  readonly componentLists: Collection<MongodbComponentList>;
  readonly watermarks: Collection<MongodbWatermark>;
  close(): Promise<void>;
}

/** The server selection timeout, unless the URL sets another one. */
export const SELECTION_SECONDS = 3;

/** The time limit for a response. */
const ANSWER_SECONDS = 60;

const stored = { type: 'json' } as const;

const orderDocuments = new EntitySchema<{ _id: string }>({
  name: 'MongodbOrderDocument',
  collection: 'order_documents',
  properties: { _id: { type: 'string', primary: true } },
});

const componentLists = new EntitySchema<{ _id: number; components: unknown }>({
  name: 'MongodbComponentList',
  collection: 'component_lists',
  properties: { _id: { type: 'number', primary: true }, components: stored },
});

const documentWatermarks = new EntitySchema<{ _id: string }>({
  name: 'MongodbDocumentWatermark',
  collection: 'document_watermarks',
  properties: { _id: { type: 'string', primary: true } },
});

const DOCUMENT_INDEXES: IndexDescription[] = [
  { name: 'user', key: { userId: 1 } },
  { name: 'placed_at', key: { placedAt: -1, region: 1, orderId: 1 } },
  { name: 'region_epoch', key: { region: 1, epoch: 1 } },
];

const LIST_INDEXES: IndexDescription[] = [{ name: 'component', key: { 'components.productId': 1 } }];

/** Opens the collections without connecting. @throws the driver's error for an invalid URL */
export async function openCollections(url: string): Promise<Collections> {
  const orm = new MikroORM({
    entities: [orderDocuments, componentLists, documentWatermarks],
    clientUrl: url,
    dbName: mongodbPlace(url).database,
    driverOptions: {
      appName: 'meridian',
      // no prototype: the driver looks up names in it, and would find inherited ones such as constructor
      fieldsAsRaw: Object.create(null) as Record<string, never>,
      socketTimeoutMS: ANSWER_SECONDS * 1000,
      connectTimeoutMS: SELECTION_SECONDS * 1000,
      ...(/[?&]serverSelectionTimeoutMS=/i.test(url) ? {} : { serverSelectionTimeoutMS: SELECTION_SECONDS * 1000 }),
    },
  });
  return {
    documents: orm.em.getCollection<MongodbDocument>('order_documents'),
    componentLists: orm.em.getCollection<MongodbComponentList>('component_lists'),
    watermarks: orm.em.getCollection<MongodbWatermark>('document_watermarks'),
    close: () => orm.close(),
  };
}

/** Checks the connection. */
export async function ping({ documents }: Collections): Promise<void> {
  await documents.findOne({ _id: '' }, { projection: { _id: 1 } });
}

/** Creates the missing indexes. @returns the names of the created ones */
export async function ensureIndexes({ documents, componentLists }: Collections): Promise<string[]> {
  const made: string[] = [];
  for (const { collection, wanted } of [
    { collection: documents as unknown as Collection, wanted: DOCUMENT_INDEXES },
    { collection: componentLists as unknown as Collection, wanted: LIST_INDEXES },
  ]) {
    const missing = await missingIndexes(collection, wanted);
    if (missing.length > 0) {
      await collection.createIndexes(missing);
      made.push(...missing.map(({ name }) => `${collection.collectionName}.${name}`));
    }
  }
  return made;
}

/** Initializes the watermarks of a store from before they existed. Only the epochs of its documents are known. */
export async function ensureWatermarks({ documents, watermarks }: Collections): Promise<void> {
  if ((await watermarks.findOne({}, { projection: { _id: 1 } })) !== null) {
    return;
  }
  for (const region of await documents.distinct('region')) {
    const newest = await documents.findOne(
      { region: { $eq: region } },
      { sort: { epoch: -1 }, projection: { epoch: 1 } },
    );
    await watermarks.updateOne(
      { _id: region },
      { $setOnInsert: { epoch: newest?.epoch ?? 0, seq: 0, eventId: null } },
      { upsert: true },
    );
  }
}

/** The names of the indexes that `ensureIndexes` would create. */
export async function pendingIndexes({ documents, componentLists }: Collections): Promise<string[]> {
  const [ofDocuments, ofLists] = [
    await missingIndexes(documents as unknown as Collection, DOCUMENT_INDEXES),
    await missingIndexes(componentLists as unknown as Collection, LIST_INDEXES),
  ];
  return [
    ...ofDocuments.map(({ name }) => `order_documents.${name}`),
    ...ofLists.map(({ name }) => `component_lists.${name}`),
  ];
}

async function missingIndexes(
  collection: Collection,
  wanted: readonly IndexDescription[],
): Promise<IndexDescription[]> {
  const there = new Set<string>();
  try {
    for (const { name } of await collection.listIndexes().toArray()) {
      there.add(String(name));
    }
  } catch (error) {
    // the collection does not exist yet
    if ((error as { code?: unknown }).code !== 26) {
      throw error;
    }
  }
  return wanted.filter(({ name }) => !there.has(name ?? ''));
}
