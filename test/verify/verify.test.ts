/** Rows that broke a rule, or point at nothing, after they were written. */
import { afterEach, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { catalog } from '../../src/databases/catalog.ts';
import { Database } from '../../src/databases/database.ts';
import { type DatabaseVerdict, type VerifyOptions, verify } from '../../src/verify/verify.ts';
import { fileOf, locationIn, populateIn } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';
import { sampleSources } from '../support/sample.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function verifyIn(folder: string, options?: VerifyOptions): Promise<Record<string, DatabaseVerdict>> {
  for (const declaration of catalog) {
    opened.push(await Database.open(declaration, { ...locationIn(folder, declaration.name), create: false }));
  }
  return verify(opened, options);
}

function change(folder: string, database: string, sql: string): void {
  const file = new SqliteFile(fileOf(folder, database));
  file.exec(sql);
  file.close();
}

async function populated(): Promise<string> {
  const folder = makeFolder();
  await populateIn(folder, { sources: sampleSources() });
  return folder;
}

test('what populate leaves behind is clean', async () => {
  expect(await verifyIn(await populated())).toEqual({
    users: { rows: 8, violations: 0, examples: [] },
    products: { rows: 8, violations: 0, examples: [] },
    orders: { rows: 6, violations: 0, examples: [] },
  });
});

test('each row is told once, with all that is wrong with it, on whichever page it is', async () => {
  const folder = await populated();
  change(folder, 'users', "update users set email = 'nobody' where id = 9");
  change(folder, 'users', 'delete from users where id = 3');
  change(folder, 'products', 'update products set price_cents = -1 where id = 9');
  change(folder, 'orders', 'update orders set quantity = 0, product_id = 50 where id = 6');
  const verdicts = await verifyIn(folder, { pageRows: 2 });
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

test('only the first examples are kept, all violations are counted', async () => {
  const folder = await populated();
  change(folder, 'orders', 'update orders set quantity = -1');
  const { orders } = await verifyIn(folder, { maxExamples: 2, pageRows: 4 });
  expect(orders).toMatchObject({ rows: 6, violations: 6, examples: [{ id: 1 }, { id: 2 }] });
  expect(orders?.examples).toHaveLength(2);
});

test('a value of another type than the column says is a violation, not a crash', async () => {
  const folder = await populated();
  change(folder, 'products', "update products set price_cents = 'much' where id = 1");
  change(folder, 'orders', 'update orders set quantity = 1.5 where id = 1');
  expect(await verifyIn(folder)).toMatchObject({
    products: { violations: 1, examples: [{ id: 1, errors: [{ property: 'price' }] }] },
    orders: { violations: 1, examples: [{ id: 1, errors: [{ property: 'quantity' }] }] },
  });
});

test('a database without its schema is refused', async () => {
  const folder = makeFolder();
  for (const { name } of catalog) {
    change(folder, name, 'vacuum');
  }
  await expect(verifyIn(folder)).rejects.toMatchObject({
    code: 'migration',
    message: expect.stringContaining('npm run migrate'),
  });
});
