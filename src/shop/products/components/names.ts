/** Names of products, which the document store does not have. */
import { openProducts } from '../../documents/products.ts';
import { Product } from '../product.entity.ts';

/** By product id. */
export type Names = ReadonlyMap<number, string>;

/**
 * @param open the products database; it is closed again
 * @returns nothing of products that the products database does not have, and nothing at all where there is none
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
