/** Rows that broke a rule, or have dangling references, after they were written. */
import { afterEach, expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { type DatabaseVerdict, type VerifyOptions, verify } from '../../src/integrity/verify.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { populateIn } from '../support/databases.ts';
import {
  describeWithPostgresql,
  forEachEngineMigratedThoroughly,
  makePostgresqlPlace,
  type Place,
  sqlitePlace,
} from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { sampleSources } from '../support/sample.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function verifyIn(place: Place, options?: VerifyOptions): Promise<Record<string, DatabaseVerdict>> {
  for (const declaration of catalog) {
    opened.push(await Database.open(declaration, { ...place.options(declaration.name), create: false }));
  }
  return verify(opened, options);
}

async function populated(place: Place): Promise<Place> {
  await populateIn(place, { sources: sampleSources() });
  return place;
}

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('what populate leaves behind is clean', async () => {
    expect(await verifyIn(await populated(await makePlace()))).toEqual({
      users: { rows: 8, violations: 0, examples: [] },
      products: { rows: 8, violations: 0, examples: [] },
      orders: { rows: 6, violations: 0, examples: [] },
    });
  });

  test('each row is reported once, with all its errors, on any page', async () => {
    const place = await populated(await makePlace());
    await place.execute('users', "update users set email = 'ann' where id = 9");
    await place.execute('users', 'delete from users where id = 3');
    await place.execute('products', 'update products set price_cents = -1 where id = 9');
    await place.execute('orders', 'update orders set quantity = 0, product_id = 50 where id = 6');
    const verdicts = await verifyIn(place, { pageRows: 2 });
    expect(verdicts).toMatchObject({
      users: { rows: 7, violations: 1, examples: [{ id: 9, errors: [{ property: 'email', code: 'isEmail' }] }] },
      products: { rows: 8, violations: 1, examples: [{ id: 9, errors: [{ message: 'Price must be positive' }] }] },
      orders: { rows: 6, violations: 2 },
    });
    expect(verdicts['orders']?.examples.map(({ id, errors }) => [id, errors.map(({ message }) => message)])).toEqual([
      [3, ['User 3 does not exist']],
      [6, ['Quantity must be positive', 'Product 50 does not exist']],
    ]);
  });

  test('an order that was cancelled need not point at anything any longer', async () => {
    const place = await populated(await makePlace());
    await place.execute('users', 'delete from users where id = 3');
    expect((await verifyIn(place))['orders']).toMatchObject({ violations: 1 });
    await place.execute('orders', "update orders set status = 'cancelled' where user_id = 3");
    expect((await verifyIn(place))['orders']).toMatchObject({ violations: 0 });
  });

  test('only the first examples are kept, all violations are counted', async () => {
    const place = await populated(await makePlace());
    await place.execute('orders', 'update orders set quantity = -1');
    const { orders } = await verifyIn(place, { maxExamples: 2, pageRows: 4 });
    expect(orders).toMatchObject({ rows: 6, violations: 6, examples: [{ id: 1 }, { id: 2 }] });
    expect(orders?.examples).toHaveLength(2);
  });
});

test('in SQLite, a value of another type than the column says is a violation, not a crash', async () => {
  const place = await populated(sqlitePlace(makeFolder()));
  await place.execute('products', "update products set price_cents = 'much' where id = 1");
  await place.execute('orders', 'update orders set quantity = 1.5 where id = 1');
  expect(await verifyIn(place)).toMatchObject({
    products: { violations: 1, examples: [{ id: 1, errors: [{ property: 'price' }] }] },
    orders: { violations: 1, examples: [{ id: 1, errors: [{ property: 'quantity' }] }] },
  });
});

test('in SQLite, a file without its schema is refused', async () => {
  const place = sqlitePlace(makeFolder());
  for (const { name } of catalog) {
    await place.execute(name, 'vacuum');
  }
  await expect(verifyIn(place)).rejects.toMatchObject({
    code: 'migration',
    message: expect.stringContaining('npx meridian migrate'),
  });
});

describeWithPostgresql('PostgreSQL', () => {
  test('a database without its tables is refused', async () => {
    await expect(verifyIn(await makePostgresqlPlace())).rejects.toMatchObject({
      code: 'database',
      message: expect.stringContaining('npx meridian migrate'),
    });
  });

  test('a database that lacks the newest migration is refused', async () => {
    const place = await populated(await makePostgresqlPlace());
    await place.execute(
      'users',
      'delete from mikro_orm_migrations_users where id = (select max(id) from mikro_orm_migrations_users)',
    );
    await expect(verifyIn(place)).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringContaining('pending'),
    });
  });
});
