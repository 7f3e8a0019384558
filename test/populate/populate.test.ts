/** The main job as a whole: what becomes of each record, again and again. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../src/databases/project.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import { countsOf, populateIn, rowsOf } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';

const sample = () => ({
  users: fileSource(join(projectRoot, 'src/users/users.sample.csv')),
  products: fileSource(join(projectRoot, 'src/products/products.sample.csv')),
  orders: fileSource(join(projectRoot, 'src/orders/orders.sample.csv')),
});

describe('the sample', () => {
  test('ends as its README says', async () => {
    const folder = makeFolder();
    const report = await populateIn(folder, { sources: sample() });
    expect(countsOf(report)).toEqual({
      users: { read: 10, inserted: 8, updated: 0, unchanged: 0, rejected: 2 },
      products: { read: 10, inserted: 8, updated: 0, unchanged: 0, rejected: 2 },
      orders: { read: 10, inserted: 6, updated: 0, unchanged: 0, rejected: 4 },
    });
    expect(rowsOf(folder, 'orders')).toHaveLength(6);
  });
});
