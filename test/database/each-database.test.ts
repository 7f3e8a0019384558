/** One operation on several databases: a failure in one does not keep the results of the others from being reported. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { choose } from '../../src/database/declaration.ts';
import { eachDatabase } from '../../src/database/each-database.ts';
import { migrateUp, migrationStatus } from '../../src/database/migrate.ts';
import { catalog, orders, products, users } from '../../src/shop/catalog.ts';
import { fileOf } from '../support/databases.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { migrationsOf, ownMigrationsOf } from '../support/schema.ts';

const NAMES = ['users', 'products', 'orders'];
const variable = (name: string) => `${name.toUpperCase()}_DATABASE_URL`;
let folder = '';

beforeEach(() => {
  folder = makeFolder();
  for (const name of NAMES) {
    process.env[variable(name)] = `sqlite:${fileOf(folder, name)}`;
  }
});

afterEach(() => {
  for (const name of NAMES) {
    delete process.env[variable(name)];
  }
});

test('a database that cannot be opened is an error among the results', async () => {
  writeIn(folder, 'products.db', 'this is text, and no database at all, however long one looks at it');
  const results = await eachDatabase(catalog, { create: true, lock: true }, migrateUp);
  expect(results).toEqual([
    { name: 'users', value: [...migrationsOf('users'), ...ownMigrationsOf('users')] },
    { name: 'products', error: expect.objectContaining({ code: 'database' }) },
    { name: 'orders', value: [...migrationsOf('orders'), ...ownMigrationsOf('orders')] },
  ]);
});

test('a read-only run creates nothing, and a failing run closes everything', async () => {
  const looked = await eachDatabase([users], { create: false, lock: false }, migrationStatus);
  expect(looked).toMatchObject([{ name: 'users', value: { executed: [], drift: false } }]);
  expect(existsSync(fileOf(folder, 'users'))).toBe(false);
  const fail = () => Promise.reject(new Error('no'));
  const all = { create: true, lock: true };
  expect(await eachDatabase([users], all, fail)).toMatchObject([{ error: { message: 'no' } }]);
  expect(await eachDatabase([users], all, async ({ name }) => name)).toEqual([{ name: 'users', value: 'users' }]);
});

test('databases are selected by name, in the order of the catalog', () => {
  expect(choose(catalog, ['orders', 'users'])).toEqual([users, orders]);
  expect(choose(catalog, [])).toEqual([users, products, orders]);
  expect(() => choose(catalog, ['users', 'x', 'y'], ', really')).toThrow(
    'There is no database "x", "y", really. There are users, products, orders.',
  );
});
