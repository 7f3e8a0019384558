/** Statements that come again and again are left prepared on a connection: those about few rows. */
import { expect, test } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { Database } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { products } from '../../../src/shop/catalog.ts';
import { describeWithPostgresql, makePostgresqlPlace } from '../../support/engines.ts';
import { onlyTable } from '../../support/only-table.ts';

const keys = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describeWithPostgresql('PostgreSQL', () => {
  test('one about few rows is prepared once, one about many each time, and both answer alike', async () => {
    const place = await makePostgresqlPlace();
    const database = await Database.open(products, place.options('products'));
    try {
      await migrateUp(database);
      await database.transaction(async (em) => {
        const prepared = async () => {
          const query = CompiledQuery.raw(
            "select name from pg_prepared_statements where statement like '%not exists%'",
          );
          return (await em.getKysely<unknown>().executeQuery<{ name: string }>(query)).rows.length;
        };
        const missing = async (count: number) =>
          (await onlyTable(database).bulk().missing(em, keys(count))).toSorted((a, b) => Number(a) - Number(b));
        expect(await missing(101)).toEqual(keys(101));
        expect(await prepared()).toBe(0);
        for (const count of [1, 1, 2, 1, 9, 100, 2]) {
          expect(await missing(count)).toEqual(keys(count));
        }
        // of one row, of two, and of any number
        expect(await prepared()).toBe(3);
      });
    } finally {
      await database.close();
    }
  });
});
