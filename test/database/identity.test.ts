/** The identity of a database: it is stored in the database, which cannot be opened as any other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { urlVariable } from '../../src/database/location.ts';
import { migrateDown, migrateUp, migrationStatus } from '../../src/database/migrate.ts';
import { openMigrated } from '../../src/database/open-migrated.ts';
import { regionOf } from '../../src/replication/region-name.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { catalog, central, documents, orders, ordersOf, products, users } from '../../src/shop/catalog.ts';
import { populateIn } from '../support/databases.ts';
import { type EngineName, forEachEngineThoroughly, type Place, sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { regionalPlace } from '../support/regional.ts';
import { migrationsOf } from '../support/schema.ts';
import { sourceOf } from '../support/sources.ts';

const [boston, seattle] = [ordersOf('boston'), ordersOf('seattle')];

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<Database> {
  const database = await openMigrated(declaration, undefined, options);
  opened.push(database);
  return database;
}

async function ownersIn(place: Place, name: string): Promise<unknown[]> {
  const rows = await place.rowsOf(`meridian_identity_${name.replace(/[.].*/, '')}`, name);
  return (rows as { name: string }[]).map((row) => row.name);
}

/** The migration that makes the table of the name. */
function identityMigration(engine: EngineName): string {
  const folder = join(projectRoot, 'migrations', 'orders', engine);
  const makes = (name: string) => readFileSync(join(folder, `${name}.ts`), 'utf8').includes('meridian_identity_orders');
  return migrationsOf('orders', engine).find(makes) ?? '';
}

/** What opening it says, in any of the ways in which commands do. */
async function refusals(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<unknown[]> {
  const ways = [
    () => Database.open(declaration, options),
    () => Database.open(declaration, { ...options, create: false }),
    () => openMigrated(declaration, undefined, options),
  ];
  const errors: unknown[] = [];
  for (const way of ways) {
    errors.push(
      await way().then(
        (database) => database.close(),
        (error: unknown) => error,
      ),
    );
  }
  return errors;
}

/** The same each time. */
function refused(message: string): unknown[] {
  return Array.from({ length: 3 }, () =>
    expect.objectContaining({ code: 'identity', message: expect.stringContaining(message) }),
  );
}

const declarationOf = (name: string) => (name === 'orders' ? orders : ordersOf(regionOf(name)));

forEachEngineThoroughly((makePlace, engine) => {
  test.each([...catalog, central, documents, boston])(
    '$name writes its name into what it makes',
    async (declaration) => {
      const place = await makePlace();
      await open(declaration, place.options(declaration.name));
      expect(await ownersIn(place, declaration.name)).toEqual([declaration.name]);
      // and finds it there
      const again = await open(declaration, place.options(declaration.name));
      expect(again.isClaimed).toBe(true);
    },
  );

  test.each([
    [
      'orders.seattle',
      'orders.boston',
      ' If region boston is to be called seattle, run npx meridian regions rename boston seattle.',
    ],
    ['orders', 'orders.boston', ''],
    ['orders.boston', 'orders', ''],
  ])('%s is not opened where %s is', async (name, owner, more) => {
    const place = await makePlace();
    await open(declarationOf(owner), place.options(owner));
    const options = place.options(owner);
    const advice = `Say where the database of ${name} is with ${urlVariable(name)}, or move a copied one away.${more}`;
    expect(await refusals(declarationOf(name), options)).toEqual(
      refused(`${name}: ${(await Database.unconnected(users, options)).place} is the database of ${owner}. ${advice}`),
    );
    expect(await ownersIn(place, owner)).toEqual([owner]);
  });

  test('a populate loads nothing into the database of another', async () => {
    const place = await makePlace();
    await open(boston, place.options('orders.boston'));
    for (const dryRun of [false, true]) {
      const wrong = populateIn(place, {
        catalog: [users, products, seattle],
        sources: { 'orders.seattle': sourceOf([{ id: '1', user_id: '1', product_id: '1', quantity: '1' }]) },
        databaseOptions: (name) => place.options(name.replace('seattle', 'boston')),
        dryRun,
      });
      await expect(wrong).rejects.toMatchObject({ code: 'identity' });
    }
    expect(await place.rowsOf('orders', 'orders.boston')).toEqual([]);
  });

  describe('a database that was created before databases had identities', () => {
    /** With its data, and without the newest migration. */
    async function madeBefore(): Promise<Place> {
      const place = await makePlace();
      const database = await open(boston, place.options('orders.boston'));
      await place.execute('orders.boston', 'insert into stock values (1, null, 100, 5, 1)');
      while ((await migrationStatus(database)).executed.includes(identityMigration(engine))) {
        await migrateDown(database);
      }
      await database.close();
      return place;
    }

    test('belongs to the first that migrates it', async () => {
      const place = await madeBefore();
      const looked = await Database.open(seattle, { ...place.options('orders.boston'), create: false });
      opened.push(looked);
      expect(looked.isClaimed).toBe(false);
      const database = await Database.open(boston, place.options('orders.boston'));
      opened.push(database);
      await migrateUp(database);
      expect(await ownersIn(place, 'orders.boston')).toEqual(['orders.boston']);
      expect(await place.execute('orders.boston', 'select on_hand from stock')).toEqual([{ on_hand: 5 }]);
      expect(await refusals(seattle, place.options('orders.boston'))).toEqual(
        refused('is the database of orders.boston.'),
      );
      // one that was open already
      await expect(migrateUp(looked)).rejects.toMatchObject({ code: 'identity' });
    });

    test('belongs to one region only when two migrate it at once', async () => {
      const place = await madeBefore();
      const results = await Promise.allSettled(
        [boston, seattle].map(async (declaration) => open(declaration, place.options('orders.boston'))),
      );
      const [won, ...others] = results.filter(({ status }) => status === 'fulfilled') as { value: Database }[];
      expect(others).toEqual([]);
      expect(await ownersIn(place, 'orders.boston')).toEqual([won?.value.name]);
      const lost = results.find(({ status }) => status === 'rejected') as { reason: unknown };
      expect(lost.reason).toMatchObject({ code: 'identity' });
    });

    test('gets its name where the table exists without its row', async () => {
      const place = await makePlace();
      await (await open(boston, place.options('orders.boston'))).close();
      await place.execute('orders.boston', 'delete from meridian_identity_orders');
      await open(boston, place.options('orders.boston'));
      expect(await ownersIn(place, 'orders.boston')).toEqual(['orders.boston']);
    });
  });

  test('reverting the migration removes the name, and migrating again writes it', async () => {
    const place = await makePlace();
    const database = await open(users, place.options('users'));
    for (const migration of migrationsOf('users', engine).reverse()) {
      expect(await migrateDown(database)).toBe(migration);
    }
    await migrateUp(database);
    expect(await ownersIn(place, 'users')).toEqual(['users']);
  });
});

forEachEngineThoroughly((makePlace, engine) => {
  test('roles may share a schema, and regions have their own', async () => {
    const [together, apart] = [await makePlace(), await regionalPlace(engine)];
    const layouts: [Place, readonly DatabaseDeclaration[]][] = [
      [together, [users, products, boston, central, documents]],
      [apart, [users, products, boston, seattle, central, documents]],
    ];
    for (const [place, declarations] of layouts) {
      for (const declaration of [...declarations, ...declarations]) {
        await open(declaration, place.options(declaration.name));
      }
      for (const { name } of declarations) {
        expect(await ownersIn(place, name)).toEqual([name]);
      }
    }
  });
});

describe('files', () => {
  /** A copy of a database, as a backup makes it. */
  function copy(place: Place, from: string, to: string): void {
    const file = new SqliteFile(place.url(from).replace('sqlite:', ''));
    file.exec(`vacuum into '${place.url(to).replace('sqlite:', '')}'`);
    file.close();
  }

  test('a copy under the name of another region is refused, a backup in its old place is opened', async () => {
    const place = sqlitePlace(makeFolder());
    await (await open(boston, place.options('orders.boston'))).close();
    copy(place, 'orders.boston', 'orders.seattle');
    expect(await refusals(seattle, place.options('orders.seattle'))).toEqual(
      refused('orders.seattle.db is the database of orders.boston.'),
    );
    expect((await open(boston, place.options('orders.seattle'))).isClaimed).toBe(true);
  });

  test('a file of another role is refused', async () => {
    const place = sqlitePlace(makeFolder());
    await (await open(users, place.options('users'))).close();
    for (const declaration of [products, orders, central, documents, boston]) {
      expect(await refusals(declaration, place.options('users'))).toEqual(
        refused('users.db is the database of users.'),
      );
    }
  });
});
