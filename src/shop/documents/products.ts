/** The products database as the document store is fed from it. */
import { Database, isThere } from '../../databases.ts';
import { products } from '../catalog.ts';
import { knowsComponents } from './unshipped.ts';

/** @returns nothing where there is none, or one of before there were components: it is not for this to change it */
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
