/** Opens the document store, whatever the URL says it is. */
import { isThere, type OnMigrated, openMigrated, openToRead, placeOf, urlVariable } from '../../databases.ts';
import { importFor, MeridianError } from '../../index.ts';
import { documents } from '../catalog.ts';
import { mongodbUrl } from './mongodb/configured-url.ts';
import { displayMongodb } from './mongodb/url.ts';
import { sqlDocumentStore } from './sql/store.ts';
import type { DocumentStore } from './store.ts';

/**
 * Makes the store if it is not there, and brings its tables or indexes to what they have to be.
 *
 * @throws MeridianError in one sentence what keeps it from being opened
 */
export async function openDocumentStore(onMigrated?: OnMigrated): Promise<DocumentStore> {
  const url = mongodbUrl();
  if (url === undefined) {
    return sqlDocumentStore(await openMigrated(documents, onMigrated, { keepsThreadFree: true }));
  }
  // only here, for loading the driver takes longer than most commands do
  const { openMongodbStore } = await importFor('MongoDB', () => import('./mongodb/store.ts'));
  return openMongodbStore(url, { readOnly: false });
}

/** Whether there is a store, as far as that can be known without asking a server for documents. Nothing is made by looking. */
export async function isStoreThere(): Promise<boolean> {
  return mongodbUrl() !== undefined || (await isThere(documents));
}

/**
 * The same to be looked at: nothing is made.
 *
 * @throws MeridianError `database` when there is none, `migration` when it is not at its newest schema
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

/** @returns nothing when there is none; a server that has no documents yet is one without any */
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

/** Where the store is, or would be, for people: no password. */
export async function storePlace(): Promise<string> {
  const url = mongodbUrl();
  return url === undefined ? (await placeOf(documents)).place : displayMongodb(url);
}
