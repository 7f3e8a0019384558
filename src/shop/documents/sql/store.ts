/** The document store in tables with JSON columns, in an SQLite file or a PostgreSQL schema. */
import { sql } from 'kysely';
import { type Database, type EntityManager, entityTables, type Row } from '../../../databases.ts';
import { MeridianError, messageOf } from '../../../index.ts';
import type { DocumentWatermark } from '../../../replication/index.ts';
import { parseJson } from '../../../types.ts';
import type { Condition } from '../condition.ts';
import { StoredComponentList } from '../model/stored-component-list.entity.ts';
import { StoredComponentUse } from '../model/stored-component-use.entity.ts';
import { StoredDocument } from '../model/stored-document.entity.ts';
import { StoredWatermark } from '../model/stored-watermark.entity.ts';
import { readStored } from '../read-stored.ts';
import type {
  ComponentList,
  DocumentQuery,
  DocumentStore,
  ListVersion,
  UnacceptedDocument,
  UnacceptedList,
  VersionedDocument,
} from '../store.ts';
import { documentKey, newestOf, unacceptedDocuments, unacceptedLists } from '../unaccepted.ts';

/** @param database without pending migrations; it is closed with the store */
export function sqlDocumentStore(database: Database): DocumentStore {
  const run = <T>(work: (em: EntityManager) => Promise<T>) => explained(database, () => work(database.fork()));
  const bulk = (entity: typeof StoredDocument | typeof StoredComponentList | typeof StoredComponentUse) =>
    database.bulk<object>(entity);
  return {
    place: database.place,
    putDocuments: (documents) =>
      run((em) => em.transactional((transaction) => putDocuments(database, transaction, documents))),
    forgetEarlierEpochs: (region, epoch) =>
      run((em) =>
        em.transactional(async (transaction) => {
          await raiseWatermarks(database, transaction, new Map([[region, { epoch, seq: 0, eventId: null }]]));
          await transaction.nativeDelete(StoredDocument, { region, epoch: { $lt: epoch } });
        }),
      ),
    forgetRegion: (region) =>
      run((em) =>
        em.transactional(async (transaction) => {
          await transaction.nativeDelete(StoredDocument, { region });
          await transaction.nativeDelete(StoredWatermark, { region });
        }),
      ),
    watermarks: () =>
      run(async (em) => {
        const marks = await em.findAll(StoredWatermark, { disableIdentityMap: true });
        return new Map(marks.map(({ region, epoch, seq, eventId }) => [region, { epoch, seq, eventId }]));
      }),
    putComponentLists: (lists) =>
      run((em) => em.transactional((transaction) => putLists(database, transaction, lists))),
    componentVersions: (afterProductId, limit) =>
      run(async (em) => {
        const where = { productId: { $gt: afterProductId } };
        const order = { orderBy: { productId: 'asc' }, limit, disableIdentityMap: true } as const;
        const lists = await em.find(StoredComponentList, where, { ...order, fields: ['productId', 'version'] });
        return lists.map(({ productId, version }) => ({ productId, version }));
      }),
    removeComponentLists: (lists) =>
      run((em) => em.transactional((transaction) => removeLists(database, transaction, lists))),
    findDocuments: (query) =>
      run(async (em) => {
        const rows = await selected(database, em, query).execute();
        return rows.map(({ text }) => readStored(parseJson(text) as Record<string, unknown>));
      }),
    componentListsOf: (productIds) =>
      run(async (em) => (await bulk(StoredComponentList).findByPrimaryKey(em, productIds)).map(listOf)),
    componentListsWith: (productIds) =>
      run(async (em) => {
        const uses = await bulk(StoredComponentUse).find(
          em,
          productIds.map((componentId) => ({ componentId })),
          { properties: ['componentId'] },
        );
        const using = [...new Set(uses.map(({ productId }) => productId))];
        return (await bulk(StoredComponentList).findByPrimaryKey(em, using)).map(listOf);
      }),
    count: () =>
      run(async (em) => ({
        documents: await em.count(StoredDocument),
        componentLists: await em.count(StoredComponentList),
      })),
    close: () => database.close(),
  };
}

async function putDocuments(
  database: Database,
  em: EntityManager,
  documents: readonly VersionedDocument[],
): Promise<UnacceptedDocument[]> {
  await raiseWatermarks(database, em, newestOf(documents));
  const rows = documents.map(({ orderId, epoch, version, document }) => {
    const { region, userId, placedAt } = document;
    return { region, orderId, epoch, version, userId, placedAt, document };
  });
  const key = ['region', 'orderId'];
  const written = await database.bulk(StoredDocument).upsertNewer(em, rows, ['epoch', 'version'], key);
  const accepted = new Set(written.map((row) => documentKey(row['region'] as string, row['orderId'] as number)));
  const left = rows.filter(({ region, orderId }) => !accepted.has(documentKey(region, orderId)));
  const there = await database.bulk(StoredDocument).find(em, left, { properties: key });
  return unacceptedDocuments(
    documents.filter(({ orderId, document }) => !accepted.has(documentKey(document.region, orderId))),
    (there as unknown as StoredDocument[]).map(({ document, ...one }) => ({ ...one, id: idOf(document) })),
  );
}

/** The id of a stored document, which may be missing if another program has changed it. */
function idOf(stored: unknown): string {
  const { id } = (typeof stored === 'string' ? parseJson(stored) : stored) as { readonly id?: unknown };
  return String(id);
}

async function raiseWatermarks(
  database: Database,
  em: EntityManager,
  marks: ReadonlyMap<string, DocumentWatermark>,
): Promise<void> {
  const rows = [...marks].map(([region, mark]) => ({ region, ...mark }));
  await database.bulk(StoredWatermark).upsertNewer(em, rows, ['epoch', 'seq']);
}

function selected({ json }: Database, em: EntityManager, query: DocumentQuery) {
  const { region, userId, from, to, conditions = [], limit } = query;
  let select = entityTables<typeof StoredDocument>(em)
    .selectFrom('StoredDocument')
    .select(json.text('document').as('text'));
  if (region !== undefined) {
    select = select.where('region', '=', region);
  }
  if (userId !== undefined) {
    select = select.where('userId', '=', userId);
  }
  if (from !== undefined) {
    select = select.where('placedAt', '>=', from);
  }
  if (to !== undefined) {
    select = select.where('placedAt', '<=', to);
  }
  for (const condition of conditions) {
    select = select.where(conditionOf(json, condition));
  }
  return select.orderBy('placedAt', 'desc').orderBy('region').orderBy('orderId').limit(limit);
}

function conditionOf(json: Database['json'], condition: Condition) {
  if (condition.kind === 'exists') {
    const exists = json.matches('document', condition.path, { kind: 'exists' });
    return condition.isThere ? exists : sql<boolean>`not ${exists}`;
  }
  const { path, operator, value } = condition;
  return operator === '!='
    ? sql<boolean>`not ${json.matches('document', path, { kind: 'compare', comparison: '=', value })}`
    : json.matches('document', path, { kind: 'compare', comparison: operator, value });
}

async function putLists(
  database: Database,
  em: EntityManager,
  lists: readonly ComponentList[],
): Promise<UnacceptedList[]> {
  const rows = lists.map(({ productId, version, components }) => ({ productId, version, document: { components } }));
  await database.bulk(StoredComponentList).upsertNewer(em, rows, ['version']);
  const ids = lists.map(({ productId }) => productId);
  const there = (await database.bulk(StoredComponentList).findByPrimaryKey(em, ids)).map(listOf);
  await database.bulk(StoredComponentUse).deleteMatching(
    em,
    ids.map((productId) => ({ productId })),
    ['productId'],
  );
  const uses: Row[] = there.flatMap(({ productId, components }) =>
    components.map((one) => ({ componentId: one.productId, productId })),
  );
  await database.bulk(StoredComponentUse).insertFree(em, uses);
  return unacceptedLists(lists, there);
}

async function removeLists(database: Database, em: EntityManager, lists: readonly ListVersion[]): Promise<void> {
  const rows = lists.map(({ productId, version }) => ({ productId, version }));
  await database.bulk(StoredComponentList).deleteMatching(em, rows, ['productId', 'version']);
  const ids = lists.map(({ productId }) => productId);
  const left = new Set(
    (await database.bulk(StoredComponentList).findByPrimaryKey(em, ids)).map((row) => row['productId']),
  );
  const gone = ids.filter((productId) => !left.has(productId)).map((productId) => ({ productId }));
  await database.bulk(StoredComponentUse).deleteMatching(em, gone, ['productId']);
}

function listOf(row: Row): ComponentList {
  const { productId, version, document } = row as unknown as StoredComponentList;
  const value = (typeof document === 'string' ? parseJson(document) : document) as Pick<ComponentList, 'components'>;
  return {
    productId,
    version,
    components: value.components.map((one) => ({ productId: one.productId, quantity: one.quantity })),
  };
}

/** Distinguishes a value that the database rejects from a database that is unavailable. */
async function explained<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!database.refusesValue(error)) {
      throw database.fault(error);
    }
    throw new MeridianError('document', `${database.name}: the database refused: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
