/** Opens the products database, from which the document store is fed. */
import { Database, isThere } from '../../databases.ts';
import { products } from '../catalog.ts';
import { knowsComponents } from './unshipped.ts';

/** @returns `undefined` if it does not exist or its schema has no components yet; it is not migrated here */
export async function openProducts(): Promise<Database | undefined> {
  if (!(await isThere(products))) {
    return undefined;
  }
  const database = await Database.open(products, { keepsThreadFree: true });
  try {
    if (await knowsComponents(database)) {
      return database;
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  await database.close();
  return undefined;
}
