/** How the thread of a load finds the database of parcels. */
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { parcelCatalog } from './parcel-catalog.ts';

export function declarationOf(database: string): DatabaseDeclaration | undefined {
  return parcelCatalog.find(({ name }) => name === database);
}
