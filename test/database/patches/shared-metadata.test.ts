/** Databases with the same entities share what MikroORM makes of them. */

import { afterEach, expect, test } from '@jest/globals';
import { Database, type DatabaseOptions } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { ordersOf } from '../../../src/shop/catalog.ts';
import { Order } from '../../../src/shop/orders/order.entity.ts';
import { locationIn } from '../../support/databases.ts';
import { describeWithPostgresql, postgresqlPlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { freshDatabase } from '../../support/postgresql/fresh.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(folder: string, declaration: DatabaseDeclaration): Promise<Database> {
  return openAt(declaration, locationIn(folder, declaration.name));
}

async function openAt(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(declaration, options);
  opened.push(database);
  return database;
}

async function makeOrders(database: Database, userIds: readonly number[]): Promise<void> {
  await database.fork().execute('create table orders (id integer primary key, user_id integer, status text)');
  for (const userId of userIds) {
    await database.fork().execute("insert into orders (user_id, status) values (?, 'confirmed')", [userId]);
  }
}

const usersOf = async (database: Database) =>
  (await database.fork().find(Order, {}, { fields: ['userId'], orderBy: { id: 'asc' } })).map(({ userId }) => userId);

test('the databases of two regions share their metadata, and nothing else', async () => {
  const folder = makeFolder();
  const [boston, denver] = [await open(folder, ordersOf('boston')), await open(folder, ordersOf('denver'))];
  await makeOrders(boston, [1, 2]);
  await makeOrders(denver, [3]);

  expect(denver.metadataOf(Order)).toBe(boston.metadataOf(Order));
  expect([...denver.orm.getMetadata()]).toEqual([...boston.orm.getMetadata()]);
  expect([await usersOf(boston), await usersOf(denver)]).toEqual([[1, 2], [3]]);
});

test('a database is still usable when the one that was opened before it is closed', async () => {
  const folder = makeFolder();
  const boston = await open(folder, ordersOf('boston'));
  const denver = await open(folder, ordersOf('denver'));
  await makeOrders(denver, [4]);
  await boston.close();
  expect(await usersOf(denver)).toEqual([4]);
});

test('databases whose options differ have metadata of their own', async () => {
  const folder = makeFolder();
  const boston = await open(folder, ordersOf('boston'));
  const seattle = await open(folder, { ...ordersOf('seattle'), orm: { forceEntityConstructor: true } });
  expect(seattle.metadataOf(Order)).not.toBe(boston.metadataOf(Order));
});

describeWithPostgresql('PostgreSQL', () => {
  test('the databases of a schema share their metadata, not with those of other schemas or of SQLite', async () => {
    const url = await freshDatabase();
    const openIn = (schema: string, region: string) =>
      openAt(ordersOf(region), postgresqlPlace(`${url}?schema=${schema}`).options(`orders.${region}`));
    const boston = await openIn('one', 'boston');
    const denver = await openIn('one', 'denver');
    const others = [await openIn('two', 'boston'), await open(makeFolder(), ordersOf('boston'))];

    expect(denver.metadataOf(Order)).toBe(boston.metadataOf(Order));
    for (const other of others) {
      expect(other.metadataOf(Order)).not.toBe(boston.metadataOf(Order));
    }
    // both leave the tables of others alone
    const skipped = [boston, denver].map(({ orm }) => orm.config.get('schemaGenerator').skipTables?.at(-1));
    expect(skipped).toEqual([expect.any(RegExp), skipped[0]]);
  });
});
