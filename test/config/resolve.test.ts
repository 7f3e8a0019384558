/** What the commands get of a config: declarations with entities, options, locations and paths. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { SqliteDriver, defineConfig as sqlite } from '@mikro-orm/sqlite';
import { loadProject } from '../../src/config/project.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { DatabaseConfig, OrmConfig } from '../../src/config/types.ts';
import { Database } from '../../src/database/database.ts';
import { locationOf } from '../../src/database/location.ts';
import { makeProject } from '../support/own-project.ts';

const SCHEMAS = `
import { EntitySchema } from '@mikro-orm/core';
export const Depot = new EntitySchema({ name: 'Depot', properties: { id: { type: 'integer', primary: true } } });
export const Parcel = new EntitySchema({ name: 'Parcel', properties: { id: { type: 'integer', primary: true } } });
`;

class Customer {}

/** The declaration of one database, in a config at /p. */
async function declared(
  database: Omit<DatabaseConfig, 'entities'> & Partial<DatabaseConfig>,
  file = '/p/meridian.config.ts',
) {
  const { databases } = await resolveConfig(file, {
    databases: { customers: { entities: { customer: Customer }, ...database } },
  });
  return databases[0] as NonNullable<(typeof databases)[0]>;
}

const located = async (orm: OrmConfig) => locationOf(await declared({ orm }), {});

test('a config in JavaScript becomes a project', async () => {
  const folder = makeProject({
    'entities.js': SCHEMAS,
    'meridian.config.mjs': `
import { defineConfig } from 'meridian';
import { Depot, Parcel } from './entities.js';
export default defineConfig({
  databases: {
    parcels: { entities: { depot: Depot, parcel: { entity: Parcel, naturalKeys: [['id']], references: { id: 'parcels.depot' }, sample: 'parcels.csv' } } },
  },
  rejects: 'rejected',
  log: 'logs/parcels.log',
  limits: { batchRecords: 7 },
});
`,
  });
  const file = join(folder, 'meridian.config.mjs');
  const project = await loadProject(file);
  expect(await loadProject(file)).toBe(project);
  const [parcels] = project.databases;
  expect(parcels).toMatchObject({
    name: 'parcels',
    root: folder,
    entities: [
      { name: 'depot' },
      {
        name: 'parcel',
        naturalKeys: [{ properties: ['id'] }],
        references: { id: { database: 'parcels', entity: 'depot' } },
        sample: join(folder, 'parcels.csv'),
      },
    ],
  });
  expect(project).toMatchObject({
    config: file,
    modules: [],
    defaults: {
      rejects: join(folder, 'rejected'),
      log: join(folder, 'logs', 'parcels.log'),
      limits: { batchRecords: 7 },
    },
  });
  const { declarationOf } = await import(project.databaseModule ?? '');
  expect(declarationOf('parcels')).toBe(parcels);
  expect(declarationOf('orders.boston')).toBeUndefined();
});

test('a class stands for the schema that the MikroORM options have for it', async () => {
  class Depot {
    id!: number;
  }
  const schema = new EntitySchema<Depot>({ class: Depot, properties: { id: { type: 'integer', primary: true } } });
  const declaration = await declared({ orm: { entities: [schema] }, entities: { depot: Depot } });
  expect([declaration.entities[0]?.entity, declaration.others]).toEqual([schema, []]);
  const database = await Database.unconnected(declaration, { location: { engine: 'sqlite', file: ':memory:' } });
  expect(database.metadataOf(Depot).primaryKeys).toEqual(['id']);
  await database.close();
  await expect(declared({ entities: { one: Depot, two: schema } })).rejects.toThrow('names Depot twice');
});

test('an entity stands in a database once', async () => {
  await expect(declared({ entities: { one: Customer, two: Customer } })).rejects.toThrow(
    'databases.customers.entities names Customer twice, as one and as two. Keep one of them.',
  );
});

describe('options', () => {
  test.each<[string, OrmConfig]>([
    ['an object', { driver: SqliteDriver, dbName: 'data/customers.db' }],
    ["what MikroORM's defineConfig returns", sqlite({ dbName: 'data/customers.db' })],
    ['a function', (name) => ({ driver: SqliteDriver, dbName: `data/${name}.db` })],
    ['an async function', async (name) => ({ driver: SqliteDriver, dbName: `data/${name}.db` })],
    ['a promise', Promise.resolve({ driver: SqliteDriver, dbName: 'data/customers.db' })],
  ])('%s', async (_, orm) => {
    expect(await located(orm)).toEqual({ engine: 'sqlite', file: '/p/data/customers.db' });
  });

  const IMPORT = "import { SqliteDriver } from '@mikro-orm/sqlite';\n";

  test.each([
    ['an object', "export default { driver: SqliteDriver, dbName: 'a.db' };"],
    ['a function', "export default () => ({ driver: SqliteDriver, dbName: 'a.db' });"],
    ['a promise', "export default Promise.resolve({ driver: SqliteDriver, dbName: 'a.db' });"],
    [
      'an array',
      "export default [{ contextName: 'orders' }, { contextName: 'customers', driver: SqliteDriver, dbName: 'a.db' }];",
    ],
    [
      'functions in an array',
      "export default [async (contextName) => ({ contextName, driver: SqliteDriver, dbName: 'a.db' })];",
    ],
  ])('a file that exports %s', async (_, text) => {
    const folder = makeProject({ 'mikro-orm.config.js': `${IMPORT}${text}` });
    const declaration = await declared({ orm: './mikro-orm.config.js' }, join(folder, 'meridian.config.ts'));
    expect(declaration.location).toEqual({ engine: 'sqlite', file: join(folder, 'a.db') });
  });

  test('one of several that has another name than the database', async () => {
    const folder = makeProject({
      'mikro-orm.config.js': `${IMPORT}export default [{ driver: SqliteDriver, dbName: 'a.db' }, { contextName: 'crm', driver: SqliteDriver, dbName: 'b.db' }];`,
    });
    const config = join(folder, 'meridian.config.ts');
    const at = async (contextName: string) =>
      (await declared({ orm: { file: './mikro-orm.config.js', contextName } }, config)).location;
    expect(await at('crm')).toMatchObject({ file: join(folder, 'b.db') });
    expect(await at('default')).toMatchObject({ file: join(folder, 'a.db') });
    await expect(declared({ orm: './mikro-orm.config.js' }, config)).rejects.toThrow(
      `The MikroORM config ${join(folder, 'mikro-orm.config.js')} has no config with the contextName "customers". There are default, crm. Choose one with databases.customers.orm: { file, contextName }.`,
    );
  });

  test('entities by path and pattern are loaded as well, from the folder of the config', async () => {
    const folder = makeProject({
      'src/depot.entity.js': SCHEMAS,
      'mikro-orm.config.js': `${IMPORT}export default { driver: SqliteDriver, dbName: 'a.db', entities: ['./src/**/*.entity.js'] };`,
    });
    const config = join(folder, 'meridian.config.ts');
    const { Depot } = await import(join(folder, 'src', 'depot.entity.js'));
    const declaration = await declared({ orm: './mikro-orm.config.js', entities: { depot: Depot } }, config);
    expect(declaration.others?.map((one) => ('meta' in one ? one.meta.className : ''))).toEqual(['Parcel']);
    const database = await Database.unconnected(declaration);
    expect(database.orm.getMetadata().find('Parcel' as never)).toBeDefined();
    await database.close();
    await expect(declared({ orm: { entities: ['./none/*.js'] } }, config)).rejects.toThrow(
      `${config}: databases.customers.orm names entities by ./none/*.js, and no file there has one.`,
    );
  });

  test.each<[string, OrmConfig, string]>([
    [
      'a function that fails',
      () => Promise.reject(new Error('no secret')),
      'cannot be read: its function failed (no secret).',
    ],
    [
      'a function that returns nothing',
      (() => undefined) as never,
      'gives no MikroORM options: it has to be an object, or return one.',
    ],
  ])('%s', async (_, orm, sentence) => {
    await expect(declared({ orm })).rejects.toThrow(`/p/meridian.config.ts: databases.customers.orm ${sentence}`);
  });

  test('a file that is not there, or fails', async () => {
    const folder = makeProject({ 'fails.js': "throw new Error('no driver');", 'empty.js': 'export const a = 1;' });
    const config = join(folder, 'meridian.config.ts');
    await expect(declared({ orm: './fails.js' }, config)).rejects.toThrow(
      `The MikroORM config ${join(folder, 'fails.js')} cannot be loaded: no driver.`,
    );
    await expect(declared({ orm: './empty.js' }, config)).rejects.toThrow(
      `The MikroORM config ${join(folder, 'empty.js')} has no default export.`,
    );
    await expect(declared({ orm: './gone.js' }, config)).rejects.toThrow(
      /The MikroORM config .*gone\.js cannot be loaded: /,
    );
  });
});

describe('places', () => {
  const postgresql = { engine: 'postgresql', host: '127.0.0.1', port: 5432, user: 'postgres', schema: 'public' };

  test('a URL variable wins', async () => {
    const declaration = await declared({ orm: { driver: SqliteDriver, dbName: 'a.db' } });
    expect(locationOf(declaration, { CUSTOMERS_DATABASE_URL: 'sqlite:/q/b.db' })).toEqual({
      engine: 'sqlite',
      file: '/q/b.db',
    });
  });

  test('without a driver, it is a file beside the config', async () => {
    const file = '/p/databases/customers.db';
    expect(await located({ debug: false })).toEqual({ engine: 'sqlite', file });
    expect(locationOf(await declared({}), {})).toEqual({ engine: 'sqlite', file });
  });

  test.each<[string, OrmConfig, object]>([
    ['a database in memory', { driver: SqliteDriver, dbName: ':memory:' }, { engine: 'sqlite', file: ':memory:' }],
    ['baseDir', { driver: SqliteDriver, baseDir: 'data', dbName: 'a.db' }, { engine: 'sqlite', file: '/p/data/a.db' }],
    ['a driver of their own', { driver: class Own extends SqliteDriver {}, dbName: 'a.db' }, { file: '/p/a.db' }],
    ['a name alone', { driver: PostgreSqlDriver, dbName: 'crm' }, { ...postgresql, database: 'crm' }],
    [
      'single options',
      {
        driver: PostgreSqlDriver,
        dbName: 'crm',
        host: 'db',
        port: 5433,
        user: 'ann',
        password: 'p/w',
        schema: 'sales',
      },
      { engine: 'postgresql', host: 'db', port: 5433, user: 'ann', password: 'p/w', schema: 'sales', database: 'crm' },
    ],
    [
      'a password that is called',
      { driver: PostgreSqlDriver, dbName: 'crm', password: async () => 'pw' },
      { password: 'pw' },
    ],
    [
      'a URL',
      { clientUrl: 'postgresql://ann:pw@db:5433/crm?schema=sales' },
      { host: 'db', port: 5433, user: 'ann', password: 'pw', schema: 'sales', database: 'crm' },
    ],
    [
      'options beside a URL',
      { driver: PostgreSqlDriver, clientUrl: 'postgresql://ann:pw@db', dbName: 'c/rm', user: 'bob' },
      { host: 'db', user: 'bob', password: 'pw', database: 'c/rm' },
    ],
    ['TLS', { driver: PostgreSqlDriver, dbName: 'crm', driverOptions: { ssl: true } }, { sslMode: 'verify-full' }],
    [
      'TLS to any server',
      {
        driver: PostgreSqlDriver,
        dbName: 'crm',
        driverOptions: { connection: { ssl: { rejectUnauthorized: false } } },
      },
      { sslMode: 'require' },
    ],
  ])('%s', async (_, orm, location) => {
    expect(await located(orm)).toMatchObject(location);
  });

  class MySqlDriver {}

  test.each<[string, OrmConfig, string]>([
    [
      'another driver',
      { driver: MySqlDriver as never, dbName: 'crm' },
      'databases.customers.orm has the driver MySqlDriver, which Meridian has no engine for.',
    ],
    ['no driver', { dbName: 'crm' }, 'databases.customers.orm names no driver.'],
    ['no file', { driver: SqliteDriver }, 'databases.customers.orm has no dbName.'],
    [
      'no database',
      { driver: PostgreSqlDriver, host: 'db' },
      'databases.customers.orm has neither dbName nor clientUrl.',
    ],
    [
      'a URL that cannot be read',
      { driver: PostgreSqlDriver, clientUrl: 'postgresql://secret pw@/x', dbName: 'crm' },
      'databases.customers.orm.clientUrl holds a URL that cannot be read.',
    ],
    [
      'a certificate',
      { driver: PostgreSqlDriver, dbName: 'crm', driverOptions: { ssl: { ca: '…' } } },
      'databases.customers.orm.driverOptions.ssl has ca, which Meridian does not read.',
    ],
  ])('%s', async (_, orm, sentence) => {
    await expect(located(orm)).rejects.toThrow(sentence);
  });
});
