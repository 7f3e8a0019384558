/** Statements that are built once and run with other values. */
import { beforeEach, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { Database } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrations.ts';
import { statement } from '../../src/database/statement.ts';
import { orders } from '../../src/shop/catalog.ts';
import { forEachEngine, type Place } from '../support/engines.ts';

interface Tables {
  stock: { product_id: number; name: string | null; unit_price_cents: number; on_hand: number };
}

let built = 0;
const insert = statement((tables: Kysely<Tables>, id: number, name: string | null) => {
  built++;
  return tables.insertInto('stock').values({ product_id: id, name, unit_price_cents: 5, on_hand: 7 });
});
const find = statement((tables: Kysely<Tables>, most: number, name: string) =>
  tables.selectFrom('stock').select(['product_id', 'on_hand']).where('name', '=', name).where('product_id', '<=', most),
);

forEachEngine((makePlace) => {
  let place: Place;

  beforeEach(async () => {
    place = await makePlace();
    built = 0;
  });

  test('each run has its own values, and those that the statement itself has', async () => {
    const database = await Database.open(orders, place.options('orders'));
    await migrateUp(database);
    const em = database.fork();
    for (const id of [1, 2, 3]) {
      expect(await insert(em, id, id === 2 ? null : `it's ${id}`)).toMatchObject({ numAffectedRows: 1n });
    }
    expect(built).toBe(1);
    expect((await find(em, 9, "it's 3")).rows).toEqual([{ product_id: 3, on_hand: 7 }]);
    expect((await find(em, 2, "it's 3")).rows).toEqual([]);
    await expect(
      em.transactional(async (transaction) => {
        await insert(transaction, 4, 'four');
        expect((await find(transaction, 4, 'four')).rows).toHaveLength(1);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect((await find(em, 4, 'four')).rows).toEqual([]);
    await database.close();
  });
});
