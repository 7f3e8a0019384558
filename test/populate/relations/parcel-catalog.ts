/** The shop's databases, and that of the parcels whose depots have owners among the shop's users. */
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { withLoads } from '../../../src/loads/own-tables.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { ownedParcels } from './parcels.ts';

export const parcelCatalog: readonly DatabaseDeclaration[] = [...catalog, withLoads(ownedParcels)];
