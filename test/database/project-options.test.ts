/** The MikroORM options of a project, below those that Meridian sets. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { EntityCaseNamingStrategy, EntitySchema } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { Options } from '@mikro-orm/sql';
import { SqliteDriver } from '@mikro-orm/sqlite';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import type { DatabaseLocation } from '../../src/database/location.ts';
import { mikroOrmOptions } from '../../src/database/options.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const entity = new EntitySchema({
  name: 'LineItem',
  properties: { id: { type: 'integer', primary: true }, unitPrice: { type: 'integer' } },
});
const sqlite: DatabaseLocation = { engine: 'sqlite', file: '/p/items.db' };
const server: DatabaseLocation = {
  engine: 'postgresql',
  host: 'db',
  port: 5432,
  user: 'ann',
  database: 'crm',
  schema: 'sales',
  sslMode: 'disable',
  connectSeconds: 10,
};

const declared = (orm?: Options): DatabaseDeclaration => ({
  name: 'items',
  entities: [{ name: 'item', entity }],
  root: '/p',
  ...(orm === undefined ? {} : { orm }),
});
const optionsOf = (orm?: Options, location: DatabaseLocation = sqlite) => mikroOrmOptions(declared(orm), { location });

test('driver, place and entities are those of Meridian; the rest is the project’s', async () => {
  const subscriber = { getSubscribedEntities: () => [] };
  const options = await optionsOf({
    driver: SqliteDriver,
    dbName: 'other.db',
    password: 'secret',
    replicas: [{ host: 'copy' }],
    entities: ['src/**/*.ts'],
    namingStrategy: EntityCaseNamingStrategy,
    subscribers: [subscriber],
    batchSize: 7,
  });
  expect(options).toMatchObject({ dbName: '/p/items.db', namingStrategy: EntityCaseNamingStrategy, batchSize: 7 });
  expect(options.driver).not.toBe(SqliteDriver);
  expect(options.entities).toContain(entity);
  expect(options.subscribers).toEqual([subscriber]);
  expect(options).not.toHaveProperty('replicas');
  expect(options).not.toHaveProperty('password');
});

test('extensions stay, but for a migrator of their own', async () => {
  const Seeder = { name: 'Seeder', register: () => undefined };
  const { extensions } = await optionsOf({ extensions: [Migrator, Seeder] as never });
  const names = (extensions as unknown as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(['Seeder', 'Migrator']);
});

test('their discovery callbacks and hooks of connections are called first', async () => {
  const called: string[] = [];
  const orm: Options = {
    namingStrategy: EntityCaseNamingStrategy,
    discovery: {
      onMetadata: (meta) => {
        called.push(`found ${meta.className}`);
      },
      afterDiscovered: () => {
        called.push('discovered');
      },
    },
    async onCreateConnection() {
      called.push('connected');
    },
  };
  const file = join(makeFolder(), 'items.db');
  const database = await Database.open(declared(orm), { location: { engine: 'sqlite', file } });
  expect(database.metadataOf(entity).properties).toMatchObject({ unitPrice: { fieldNames: ['unitPrice'] } });
  expect(called).toEqual(expect.arrayContaining(['found LineItem', 'discovered', 'connected']));
  const [row] = await database.fork().execute<{ busy: number }[]>('pragma journal_mode');
  expect(row).toEqual({ journal_mode: 'wal' });
  await database.close();
});

test.each([
  ['without options', undefined],
  ['with options that name none', { baseDir: '/nowhere' }],
])('%s, migrations are beside the config', async (_, orm) => {
  expect((await optionsOf(orm)).migrations).toMatchObject({
    path: '/p/migrations/items/sqlite',
    pathTs: '/p/migrations/items/sqlite',
    snapshotName: '.snapshot-items',
    snapshotOnMigrate: false,
  });
});

test('a project that names its migrations keeps them, and their table', async () => {
  expect((await optionsOf({ migrations: { path: './db', snapshotName: 'own' } })).migrations).toEqual({
    path: './db',
    snapshotName: 'own',
    tableName: 'mikro_orm_migrations',
    snapshotOnMigrate: false,
    silent: false,
  });
  const migrations = { path: './db' };
  expect((await optionsOf({ migrations }, server)).migrations?.tableName).toBe('sales.mikro_orm_migrations');
  expect(
    (await optionsOf({ migrations: { ...migrations, tableName: 'own.done' } }, server)).migrations?.tableName,
  ).toBe('own.done');
});

test.each<[DatabaseLocation, string]>([
  [sqlite, '.snapshot-items.db'],
  [{ engine: 'sqlite', file: ':memory:' }, '.snapshot-memory'],
  [server, '.snapshot-crm'],
])('its snapshot has the name that MikroORM gives it, wherever the database is: %j', async (location, snapshotName) => {
  const declaration = { ...declared({ migrations: { path: './db' } }), location };
  const { migrations } = await mikroOrmOptions(declaration, { location: { engine: 'sqlite', file: '/q/other.db' } });
  expect(migrations?.snapshotName).toBe(snapshotName);
});

test('migrations of a project for one engine are not run on the other one', async () => {
  const migrations = { path: './db', tableName: 'done', migrationsList: [], emit: 'js' as const };
  const declaration = { ...declared({ driver: SqliteDriver, migrations }), location: sqlite };
  const on = async (location: DatabaseLocation) => (await mikroOrmOptions(declaration, { location })).migrations;
  expect(await on(sqlite)).toMatchObject({ path: './db', tableName: 'done' });
  expect(await on(server)).toEqual({
    path: '/p/migrations/items/postgresql',
    pathTs: '/p/migrations/items/postgresql',
    snapshotName: '.snapshot-items',
    tableName: 'sales.mikro_orm_migrations_items',
    emit: 'js',
    snapshotOnMigrate: false,
    silent: false,
  });
});

test.each(['migrations', 'src/migrations'])('migrations in MikroORM’s own folder %s stay there', async (folder) => {
  const baseDir = makeFolder();
  writeIn(baseDir, `${folder}/Migration20260101000000.ts`, '');
  expect((await optionsOf({ baseDir })).migrations).not.toHaveProperty('path');
});
