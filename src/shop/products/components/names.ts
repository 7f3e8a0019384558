/** Names of products, which the document store does not have. */
import { openProducts } from '../../documents/products.ts';
import { Product } from '../product.entity.ts';

/** Product id -> name. */
export type Names = ReadonlyMap<number, string>;

/**
 * @param open opens the products database, which is closed afterwards
 * @returns the names of the products that the database has; empty if there is no database
 * @throws MeridianError `database` or `locked` when it cannot be read
 */
export async function namesOf(productIds: readonly number[], open = openProducts): Promise<Names> {
  const products = await open();
  try {
    const rows = (await products?.bulk(Product).findByPrimaryKey(products.fork(), productIds)) ?? [];
    return new Map((rows as unknown as Product[]).map(({ id, name }) => [id, name]));
  } catch (error) {
    throw products?.explain(error) ?? error;
  } finally {
    await products?.close();
  }
}
