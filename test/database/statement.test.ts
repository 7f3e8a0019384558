/** Statements that are built once and run with other values. */
import { beforeEach, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { Database } from '../../src/database/database.ts';
import type { EntityTables } from '../../src/database/entity-tables.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { statement } from '../../src/database/statement.ts';
import { orders } from '../../src/shop/catalog.ts';
import type { Stock } from '../../src/shop/trading/stock.entity.ts';
import { forEachEngine, type Place } from '../support/engines.ts';

type Tables = EntityTables<typeof Stock>;

let built = 0;
const insert = statement((tables: Kysely<Tables>, id: number, name: string | null) => {
  built++;
  return tables.insertInto('Stock').values({ productId: id, name, unitPrice: '5', onHand: 7, version: 1 });
});
const find = statement((tables: Kysely<Tables>, most: number, name: string) =>
  tables.selectFrom('Stock').select(['productId', 'unitPrice']).where('name', '=', name).where('productId', '<=', most),
);

forEachEngine((makePlace) => {
  let place: Place;

  beforeEach(async () => {
    place = await makePlace();
    built = 0;
  });

  test('each run has its own values, and the constants of the statement', async () => {
    const database = await Database.open(orders, place.options('orders'));
    await migrateUp(database);
    const em = database.fork();
    for (const id of [1, 2, 3]) {
      expect(await insert(em, id, id === 2 ? null : `it's ${id}`)).toMatchObject({ numAffectedRows: 1n });
    }
    expect(built).toBe(1);
    expect((await find(em, 9, "it's 3")).rows).toEqual([{ productId: 3, unitPrice: '0.05' }]);
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
