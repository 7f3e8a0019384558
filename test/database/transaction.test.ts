/** Transactions of statements alone: all or nothing, and the connection is free again either way. */
import { expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { products } from '../../src/shop/catalog.ts';
import { forEachEngine } from '../support/engines.ts';
import { onlyTable } from '../support/only-table.ts';

const product = (id: number) => ({ id, sku: `S${id}`, name: 'Mug', price: '1.00' });

forEachEngine((makePlace) => {
  test('a transaction commits everything, or nothing when it fails', async () => {
    const place = await makePlace();
    const database = await Database.open(products, place.options('products'));
    try {
      await migrateUp(database);
      const inserted = await database.transaction(async (em) => {
        expect(em.isInTransaction()).toBe(true);
        return onlyTable(database)
          .bulk()
          .insertAll(em, [product(1)]);
      });
      expect(inserted).toBe(true);
      const failure = new Error('changed my mind');
      // more often than there are connections
      for (let time = 1; time <= 6; time++) {
        const failing = database.transaction(async (em) => {
          await onlyTable(database)
            .bulk()
            .insertAll(em, [product(2)]);
          throw failure;
        });
        await expect(failing).rejects.toBe(failure);
      }
      // a statement that the database refuses has ended the transaction on a server
      await database.transaction(async (em) => {
        expect(
          await onlyTable(database)
            .bulk()
            .insertAll(em, [product(1)]),
        ).toBe(false);
      });
      const there = await onlyTable(database).bulk().findByPrimaryKey(database.fork(), [1, 2]);
      expect(there).toEqual([product(1)]);
    } finally {
      await database.close();
    }
  });

  test('a statement of a transaction that has ended runs in no other', async () => {
    const place = await makePlace();
    const database = await Database.open(products, place.options('products'));
    try {
      await migrateUp(database);
      const table = onlyTable(database).bulk();
      const ended = await database.transaction(async (em) => em);
      await database.transaction(async (em) => {
        await table.insertAll(em, [product(1)]);
        await expect(table.insertAll(ended, [product(2)])).rejects.toThrow('already committed');
      });
      expect(await table.findByPrimaryKey(database.fork(), [1, 2])).toEqual([product(1)]);
    } finally {
      await database.close();
    }
  });
});
