/** The catalog that a test with regions populates. */
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { regionOf } from '../../src/replication/region-name.ts';
import { catalog, ordersOf } from '../../src/shop/catalog.ts';

/** The catalog, with those of the databases that are regions' in place of `orders`; the catalog itself without any. */
export function regionalCatalog(...databases: readonly string[]): readonly DatabaseDeclaration[] {
  const regions = databases.filter((name) => name.startsWith('orders.')).map((name) => ordersOf(regionOf(name)));
  return regions.length === 0 ? catalog : [...catalog.filter(({ name }) => name !== 'orders'), ...regions];
}
