/** Rebuilds the document store, with the documents of all orders and the component lists of all products. */
import type { Database } from '../../databases.ts';
import { refuseRegionsOff } from '../regions/databases.ts';
import { openDocumentStore } from './open.ts';
import { openProducts } from './products.ts';
import { removeLostLists, shipAgain } from './unshipped.ts';

export interface RebuildListener {
  /** @param lists the number of component lists that are sent again */
  started?(lists: number): void;
  /** @param lists the number of deleted component lists, which the products database does not have */
  removed?(lists: number): void;
}

/**
 * @param resendEverything sends all data of the regions to central, and from there to the store
 * @throws MeridianError `usage` where regions are switched off
 */
export async function rebuildDocuments<T>(resendEverything: () => Promise<T>, listener: RebuildListener): Promise<T> {
  // without regions, the rebuild would succeed and leave the store empty
  refuseRegionsOff();
  const products = await openProducts();
  try {
    listener.started?.(products === undefined ? 0 : await shipAgain(products));
    const result = await resendEverything();
    // after the sync, which creates a missing store
    if (products !== undefined) {
      const removed = await removeLost(products);
      if (removed > 0) {
        listener.removed?.(removed);
      }
    }
    return result;
  } catch (error) {
    throw products?.explain(error) ?? error;
  } finally {
    await products?.close();
  }
}

async function removeLost(products: Database): Promise<number> {
  const store = await openDocumentStore();
  try {
    return await removeLostLists(products, store);
  } finally {
    await store.close();
  }
}
