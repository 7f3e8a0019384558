/** The declaration of the fourth database, which the tests add to the catalog. */
import { join } from 'node:path';
import type { DatabaseOptions } from '../../../src/database/database.ts';
import { withOneEntity } from '../../../src/database/declaration.ts';
import { withLoads } from '../../../src/loads/own-tables.ts';
import type { EngineName, Place } from '../../support/engines.ts';
import { Review } from './review.entity.ts';

export const reviews = withLoads(
  withOneEntity({
    name: 'reviews',
    entity: Review,
    naturalKeys: [{ properties: ['userId', 'productId'] }],
    references: {
      userId: { database: 'users', entity: 'user' },
      productId: { database: 'products', entity: 'product' },
    },
  }),
);

/** How any of the databases is opened in a place, the fourth with migrations of its own. */
export function withReviews(place: Place): (name: string) => DatabaseOptions {
  return (name) => ({
    ...place.options(name),
    ...(name === 'reviews' ? { migrationsDirectory: migrationsOf(place.engine) } : {}),
  });
}

function migrationsOf(engine: EngineName): string {
  return join(import.meta.dirname, 'migrations', engine);
}
