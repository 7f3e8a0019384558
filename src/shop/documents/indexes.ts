/** The indexes of a document store on MongoDB, which `migrate` creates. */
import { importFor } from '../../index.ts';
import type { IndexedStore } from '../../module.ts';
import { documents } from '../catalog.ts';
import { mongodbUrl } from './mongodb/configured-url.ts';

/** @returns `undefined` if documents are in tables */
export function documentIndexes(): IndexedStore | undefined {
  const { name } = documents;
  const url = mongodbUrl();
  // load the driver only if it is needed
  const store = () => importFor('MongoDB', () => import('./mongodb/store.ts'));
  return url === undefined
    ? undefined
    : {
        name,
        ensure: async () => (await store()).ensureMongodbIndexes(url),
        pending: async () => (await store()).pendingMongodbIndexes(url),
      };
}
