/** What is kept of a run: rejects come back whole, apart from those of other runs, and never more of them at once than fit into memory. */
import { expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { RunStore } from '../../src/loads/run-store.ts';
import { users } from '../../src/shop/catalog.ts';
import { forEachEngineMigrated } from '../support/engines.ts';
import { onlyTable } from '../support/only-table.ts';

const asGiven = <T extends { file: string | null }>(one: T) => ({ ...one, file: one.file ?? undefined });

forEachEngineMigrated('catalog', (makePlace) => {
  test('rejects come back in order, fewer at a time where they are long', async () => {
    const place = await makePlace();
    const database = await Database.open(users, place.options('users'));
    try {
      const store = new RunStore(onlyTable(database));
      const sizes = [200, 90, 90, 0, 0, 90];
      const added = sizes.map((size, index) => ({
        number: index + 1,
        line: index + 2,
        file: index % 2 === 0 ? 'second.csv' : null,
        record: 'x'.repeat(size),
        errors: [],
      }));
      const em = database.fork();
      await onlyTable(database).write(em, async (transaction) => {
        await store.addRejects(transaction, 'earlier', added.slice(0, 3).map(asGiven));
        await store.addRejects(transaction, 'run', added.map(asGiven));
      });
      const pages: number[][] = [];
      for await (const page of store.rejects(em, 'run', 160)) {
        pages.push(page.map(({ number }) => number));
        for (const { number, line, file, record, errors } of page) {
          expect({ number, line, file, record: JSON.parse(record), errors: JSON.parse(errors) }).toEqual(
            added[number - 1],
          );
        }
      }
      expect(pages).toEqual([[1], [2], [3, 4, 5], [6]]);
      const numbers = await store.rejectedNumbers(em, 'run');
      expect(added.filter(({ number }) => numbers.has(number))).toHaveLength(added.length);
      await store.forgetRejects(em, 'run');
      expect((await store.rejectedNumbers(em, 'run')).isEmpty).toBe(true);
      expect((await store.rejectedNumbers(em, 'earlier')).isEmpty).toBe(false);
    } finally {
      await database.close();
    }
  });
});
