/** Three databases, three schemas of one database, one shared schema, or a mixture of engines: the same outcomes. */
import { expect, test } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import { type DatabaseLocation, locate, urlVariable } from '../../../src/database/location.ts';
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from '../../../src/database/migrate.ts';
import { refuseSharedFiles } from '../../../src/database/shared-files.ts';
import { catalog, orders, ordersOf, products, users } from '../../../src/shop/catalog.ts';
import { meridian } from '../../support/command.ts';
import { describeWithPostgresql } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { freshDatabase, query } from '../../support/postgresql/fresh.ts';
import { migrationsOf, ownMigrationsOf, tablesOf } from '../../support/schema.ts';

const NAMES = ['users', 'products', 'orders'];
const SCHEMAS_SQL = "select nspname as name from pg_namespace where nspname !~ '^(pg_|information_schema)' order by 1";

/** Names of all tables of a schema, in order. */
async function tablesIn(url: string, schema: string): Promise<string[]> {
  const tables = await query(
    url,
    `select table_name as name from information_schema.tables where table_schema = '${schema}'`,
  );
  return tables.map(({ name }) => String(name)).sort();
}

type Layout = () => Promise<Record<string, string>>;

const shared = (urls: (name: string) => string): Record<string, string> =>
  Object.fromEntries(NAMES.map((name) => [name, urls(name)]));

const layouts: readonly (readonly [string, Layout])[] = [
  [
    'three databases',
    async () => Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await freshDatabase()]))),
  ],
  [
    'three schemas that do not exist yet',
    async () => {
      const url = await freshDatabase();
      return shared((name) => `${url}?schema=${name}`);
    },
  ],
  [
    'one schema with a name that has to be quoted',
    async () => {
      const url = await freshDatabase();
      return shared(() => `${url}?schema=${encodeURIComponent('Sales "2026" & more')}`);
    },
  ],
  [
    'one shared schema',
    async () => {
      const url = await freshDatabase();
      return shared(() => url);
    },
  ],
  [
    'a mixture of engines',
    async () => {
      const url = await freshDatabase();
      return { users: url, products: 'sqlite:products.db', orders: url };
    },
  ],
];

describeWithPostgresql('PostgreSQL', () => {
  test.each(layouts)('%s', async (_, layout) => {
    const cwd = makeFolder();
    const urls = await layout();
    const env = Object.fromEntries(Object.entries(urls).map(([name, url]) => [urlVariable(name), url]));
    const counts = async (...args: string[]) => {
      const { code, stdout, stderr } = await meridian(['populate', '--json', '--quiet', ...args], { cwd, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const report: Record<string, Record<string, number>> = JSON.parse(stdout);
      return NAMES.map((name) => [report[name]?.['inserted'], report[name]?.['unchanged'], report[name]?.['rejected']]);
    };
    const first = [
      [8, 0, 2],
      [8, 0, 2],
      [6, 0, 4],
    ];
    expect(await counts('--dry-run')).toEqual(first);
    expect(await counts()).toEqual(first);
    expect(await counts()).toEqual([
      [0, 8, 2],
      [0, 8, 2],
      [0, 6, 4],
    ]);
    expect(await meridian(['verify'], { cwd, env })).toMatchObject({ code: 0 });
    const check = await meridian(['migrate:check', ...NAMES], { cwd, env });
    expect(check).toMatchObject({ code: 0, stdout: NAMES.map((name) => `${name}: up to date\n`).join('') });
    // one of them goes, and the others stay as they are
    for (const _ of migrationsOf('users', 'postgresql')) {
      const down = await meridian(['migrate:down', 'users'], { cwd, env });
      expect(down).toMatchObject({ code: 0, stdout: expect.stringMatching(/^users: reverted Migration\d+\n$/) });
    }
    const none = await meridian(['migrate:down', 'users'], { cwd, env });
    expect(none).toMatchObject({ code: 0, stdout: 'users: nothing to revert\n' });
    expect(await meridian(['migrate:check', 'products', 'orders'], { cwd, env })).toMatchObject({ code: 0 });
    expect(await meridian(['migrate:check', 'users'], { cwd, env })).toMatchObject({ code: 1 });
  });

  test('read-only use creates no schema; migrating does, or uses an existing one', async () => {
    const url = await freshDatabase();
    const location = locate('users', { USERS_DATABASE_URL: `${url}?schema=sales` });
    const looking = await Database.open(users, { location, create: false });
    expect(looking.isMissing).toBe(true);
    const { executed, pending } = await migrationStatus(looking);
    expect(executed).toEqual([]);
    expect(pending).toEqual([...migrationsOf('users', 'postgresql'), ...ownMigrationsOf('users')]);
    expect((await pendingMigrations(looking)).map(({ name }) => name)).toEqual(pending);
    await looking.close();
    expect(await query(url, SCHEMAS_SQL)).toEqual([{ name: 'public' }]);
    const databases = await Promise.all(
      [users, products].map((declaration) => Database.open(declaration, { location })),
    );
    // at the same time: one of them makes the schema, and the other does not stumble over that
    expect(await Promise.all(databases.map(migrateUp))).toEqual([
      pending,
      [...migrationsOf('products', 'postgresql'), ...ownMigrationsOf('products')],
    ]);
    await Promise.all(databases.map((database) => database.close()));
    expect(await query(url, SCHEMAS_SQL)).toEqual([{ name: 'public' }, { name: 'sales' }]);
    expect(await tablesIn(url, 'sales')).toEqual([
      ...[
        'mikro_orm_migrations_products',
        'mikro_orm_migrations_users',
        'meridian_migrations_products',
        'meridian_migrations_users',
        ...tablesOf('products'),
        ...tablesOf('users'),
      ].sort(),
    ]);
  });

  test('a migration made in a shared schema leaves the tables of others alone', async () => {
    const url = await freshDatabase();
    const location = locate('users', { USERS_DATABASE_URL: url });
    await query(url, 'create table users_of_somebody_else (id integer)');
    for (const declaration of [users, orders]) {
      const database = await Database.open(declaration, { location });
      await migrateUp(database);
      await database.close();
    }
    // without a snapshot, MikroORM compares with what is there
    const fresh = await Database.open(products, { location, migrationsDirectory: makeFolder() });
    const { diff } = await fresh.orm.migrator.create(undefined, false, false);
    await fresh.close();
    const ofProject = tablesOf('products').filter((table) => !table.startsWith('meridian_'));
    for (const table of ofProject) {
      expect(diff.up.join('\n')).toContain(`create table "${table}"`);
    }
    expect(diff.up.join('\n')).not.toContain('drop');
    const dropped = diff.down.join('\n').split('\n');
    expect(dropped.sort()).toEqual(ofProject.map((table) => `drop table if exists "${table}" cascade;`).sort());
    const there = await Database.open(users, { location });
    for (const migration of migrationsOf('users', 'postgresql').reverse()) {
      expect(await migrateDown(there)).toBe(migration);
    }
    await there.close();
    expect(await tablesIn(url, 'public')).toEqual(
      [
        'mikro_orm_migrations_orders',
        'mikro_orm_migrations_users',
        'meridian_migrations_orders',
        'meridian_migrations_users',
        // Meridian's own stay
        ...tablesOf('users').filter((table) => /^meridian_(rejects|run|runs)_/.test(table)),
        ...tablesOf('orders'),
        'users_of_somebody_else',
      ].sort(),
    );
  });

  test('databases may share a place on a server, and never a file', async () => {
    const server = locate('users', { USERS_DATABASE_URL: 'postgresql://meridian@db/shop' });
    const file: DatabaseLocation = { engine: 'sqlite', file: '/tmp/meridian-shared.db' };
    const at = (location: DatabaseLocation) =>
      Promise.all(catalog.map((declaration) => Database.unconnected(declaration, { location })));
    refuseSharedFiles(await at(server));
    refuseSharedFiles(await at({ engine: 'sqlite', file: ':memory:' }));
    const inOneFile = await at(file);
    expect(() => refuseSharedFiles(inOneFile)).toThrow('users and products are both in');
    // two of a kind have tables of the same names
    const regions = await Promise.all(
      ['boston', 'denver'].map((name) => Database.unconnected(ordersOf(name), { location: server })),
    );
    refuseSharedFiles(regions.slice(1));
    expect(() => refuseSharedFiles(regions)).toThrow(
      'orders.boston and orders.denver are both in db:5432/shop. Give each a place of its own with ORDERS_DATABASE_URL_BOSTON and',
    );
  });
});
