/** Says what products are made of, one after the other, and reads from the document store what has arrived there. */
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { documents, products } from '../../../src/shop/catalog.ts';
import { sqlDocumentStore } from '../../../src/shop/documents/sql/store.ts';
import { shipAgain } from '../../../src/shop/documents/unshipped.ts';
import { setComponents } from '../../../src/shop/products/components/set.ts';
import { componentTree } from '../../../src/shop/products/components/tree.ts';
import { type PlannedList } from '../plan.ts';
import type { Program, World } from '../world.ts';

export const COMPONENTS = 'components';
const RETRY_MILLISECONDS = 100;

/** `meridian components set`, and `tree` */
export function componentsProgram(lists: readonly PlannedList[]): Program {
  const left = [...lists];
  return async (world, process) => {
    for (let [next] = left; next !== undefined; [next] = left) {
      await process.sleep(next.at - world.kernel.time);
      if (await isSet(world, process.name, next)) {
        left.shift();
        await read(world, process.name, next.productId);
      } else {
        await process.sleep(RETRY_MILLISECONDS);
      }
    }
  };
}

/** @returns whether it was answered */
async function isSet(world: World, name: string, { productId, components }: PlannedList): Promise<boolean> {
  const text = components.map((one) => `${one.quantity} of ${one.productId}`).join(', ') || 'nothing';
  try {
    const database = await openMigrated(products, undefined, world.databaseOptions(products.name));
    try {
      const set = await setComponents(database, productId, components);
      world.componentLists.set(productId, set.components);
      world.effects.count('component list set', set.isChanged ? 'another' : 'the same');
      world.show(name, 'set', `product ${productId} is made of ${text}`);
    } finally {
      await database.close();
    }
    return true;
  } catch (error) {
    world.show(name, 'failed', (error as Error).message);
    if (!(error instanceof MeridianError)) {
      throw error;
    }
    if (error.code === 'usage') {
      world.effects.count('component list refused', 'a cycle');
    }
    return error.code === 'usage';
  }
}

async function read(world: World, name: string, productId: number): Promise<void> {
  try {
    const store = sqlDocumentStore(await openMigrated(documents, undefined, world.databaseOptions(documents.name)));
    try {
      const { parts } = await componentTree(store, productId, 1n);
      world.effects.count('component list read', parts.length > 1 ? 'with parts' : 'without parts');
    } finally {
      await store.close();
    }
  } catch (error) {
    world.show(name, 'failed', (error as Error).message);
    // what has arrived may be of different moments
    if (!(error instanceof MeridianError)) {
      throw error;
    }
  }
}

/** `meridian documents rebuild`, as far as it concerns component lists. */
export const shipListsAgain: Program = async (world) => {
  const database = await openMigrated(products, undefined, world.databaseOptions(products.name));
  await shipAgain(database);
  await database.close();
};
