/** What the savepoints of a load restore does not go through files, in which SQLite keeps it by itself. */
import { expect, test } from '@jest/globals';
import { products } from '../../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import { sourceOf } from '../../support/sources.ts';
import { showsFiles, temporaryFiles } from '../../support/sqlite/temporary-files.ts';

/** So many that a batch changes more pages of the index of skus than SQLite keeps in memory by itself. */
const RECORDS = 20_000;

const records = Array.from({ length: RECORDS }, (_, index) => ({
  id: index + 1,
  sku: `${String((index * 7919) % 100_003).padStart(6, '0')}${'x'.repeat(50)}`,
  name: 'Mug',
  price: '1.00',
}));

(showsFiles ? test : test.skip)('a load of rows all over a large index has no temporary file open', async () => {
  let savepoints = 0;
  const found = new Set<string>();
  const before = (_: number, sql: string) => {
    if (sql.startsWith('release savepoint')) {
      savepoints++;
      for (const file of temporaryFiles()) {
        found.add(file);
      }
    }
  };
  await watchStatements({ before }, async () => {
    const report = await populateIn(makeFolder(), { catalog: [products], sources: { products: sourceOf(records) } });
    expect(countsOf(report)['products']).toMatchObject({ inserted: RECORDS });
  });
  expect(savepoints).toBeGreaterThan(10);
  expect([...found]).toEqual([]);
});
