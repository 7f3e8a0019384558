/** How a thread of a load finds the database of parcels, and the shop's. */
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { withLoads } from '../../../src/loads/own-tables.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { ownedParcels } from './parcels.ts';

export const parcelCatalog: readonly DatabaseDeclaration[] = [...catalog, withLoads(ownedParcels)];

export function declarationOf(database: string): DatabaseDeclaration | undefined {
  return parcelCatalog.find(({ name }) => name === database);
}
