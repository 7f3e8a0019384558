/** The declaration of the fourth database, which the tests add to the catalog. */
import { join } from 'node:path';
import type { DatabaseDeclaration } from '../../../src/databases/declaration.ts';
import { Review } from './review.entity.ts';

export const reviewsMigrations = join(import.meta.dirname, 'migrations');

export const reviews: DatabaseDeclaration = {
  name: 'reviews',
  entity: Review,
  naturalKeys: [{ properties: ['userId', 'productId'] }],
  references: { userId: 'users', productId: 'products' },
};
