/** What the savepoints of a load restore does not go through files, in which SQLite keeps it by itself. */
import { expect, test } from '@jest/globals';
import { users } from '../../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import { sourceOf } from '../../support/sources.ts';
import { addIndex } from '../../support/sqlite/add-index.ts';
import { showsFiles, temporaryFiles } from '../../support/sqlite/temporary-files.ts';

/** So many that a batch changes more pages of the index of emails than SQLite keeps in memory by itself. */
const RECORDS = 20_000;

const records = Array.from({ length: RECORDS }, (_, index) => ({
  id: index + 1,
  name: 'Ann',
  email: `${String((index * 7919) % 100_003).padStart(6, '0')}${'x'.repeat(50)}@example.com`,
}));

(showsFiles ? test : test.skip)('a load of rows all over a large index has no temporary file open', async () => {
  const folder = makeFolder();
  await addIndex(folder);
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
    const report = await populateIn(folder, { catalog: [users], sources: { users: sourceOf(records) } });
    expect(countsOf(report)['users']).toMatchObject({ inserted: RECORDS });
  });
  expect(savepoints).toBeGreaterThan(10);
  expect([...found]).toEqual([]);
});
