/** Opens the document store, in tables or on MongoDB according to its URL. */
import { isThere, type OnMigrated, openMigrated, openToRead, placeOf, urlVariable } from '../../databases.ts';
import { importFor, MeridianError } from '../../index.ts';
import { documents } from '../catalog.ts';
import { mongodbUrl } from './mongodb/configured-url.ts';
import { displayMongodb } from './mongodb/url.ts';
import { sqlDocumentStore } from './sql/store.ts';
import type { DocumentStore } from './store.ts';

/**
 * Opens the store. It is created if it does not exist, and pending migrations or missing indexes are applied.
 *
 * @throws MeridianError if it cannot be opened
 */
export async function openDocumentStore(onMigrated?: OnMigrated): Promise<DocumentStore> {
  const url = mongodbUrl();
  if (url === undefined) {
    return sqlDocumentStore(await openMigrated(documents, onMigrated, { keepsThreadFree: true }));
  }
  // imported lazily, since loading the driver takes longer than most commands
  const { openMongodbStore } = await importFor('MongoDB', () => import('./mongodb/store.ts'));
  return openMongodbStore(url, { readOnly: false });
}

/** Whether there is a store, as far as that is known without reading documents from a server. Does not create anything. */
export async function isStoreThere(): Promise<boolean> {
  return mongodbUrl() !== undefined || (await isThere(documents));
}

/**
 * Opens the store read-only, without creating anything.
 *
 * @throws MeridianError `database` if it does not exist, `migration` if it has pending migrations
 */
export async function openDocumentStoreToRead(): Promise<DocumentStore> {
  const store = await documentStoreIfThere();
  if (store === undefined) {
    throw new MeridianError(
      'database',
      `There is no document store yet. It comes with npx meridian sync; or say where it is with ${urlVariable(documents.name)}.`,
    );
  }
  return store;
}

/** @returns `undefined` if there is no store; a server without documents counts as an empty store */
export async function documentStoreIfThere(): Promise<DocumentStore | undefined> {
  const url = mongodbUrl();
  if (url !== undefined) {
    const { openMongodbStore } = await importFor('MongoDB', () => import('./mongodb/store.ts'));
    return openMongodbStore(url, { readOnly: true });
  }
  const database = await openToRead(documents);
  if (database.isMissing) {
    await database.close();
    return undefined;
  }
  return sqlDocumentStore(database);
}

/** The location of the store, which need not exist, without the password. */
export async function storePlace(): Promise<string> {
  const url = mongodbUrl();
  return url === undefined ? (await placeOf(documents)).place : displayMongodb(url);
}
