/** Migrations of a project whose tables were made without any: they are compared with the database, which stays as it is. */
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { createMigration, plannedMigration } from '../../src/database/create-migration.ts';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from '../../src/database/migrate.ts';
import { forEachEngine, makePostgresqlPlace, type Place, sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';

const KEY = { type: 'integer', primary: true };
const schema = (name: string, properties: object): EntitySchema =>
  new EntitySchema<object>({ name, properties: { id: KEY, ...properties } as never });

/** In a schema of its own: PostgreSQL only. */
const Shelf: EntitySchema = new EntitySchema<object>({
  name: 'Shelf',
  schema: 'storage',
  properties: { id: KEY, book: { kind: 'm:1', entity: () => Book } } as never,
});
const Book: EntitySchema = schema('Book', { title: { type: 'string' }, price: { type: 'decimal', scale: 2 } });
const author = (more: object): EntitySchema =>
  schema('Author', {
    name: { type: 'string', unique: true },
    mentor: { kind: 'm:1', entity: () => 'Author', nullable: true },
    books: { kind: 'm:n', entity: () => Book },
    ...more,
  });

const declared = (root: string, { engine }: Place, more: object = {}): DatabaseDeclaration => ({
  name: 'library',
  entities: [
    { name: 'author', entity: author(more) },
    { name: 'book', entity: Book },
    ...(engine === 'postgresql' ? [{ name: 'shelf', entity: Shelf }] : []),
  ],
  root,
  orm: {},
});

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(declaration: DatabaseDeclaration, place: Place, create: boolean): Promise<Database> {
  const database = await Database.open(declaration, { ...place.options('library'), create });
  opened.push(database);
  return database;
}

async function madeWithout(place: Place): Promise<string> {
  const root = makeFolder();
  const database = await open(declared(root, place), place, true);
  await database.engine.prepareMigrations(database.fork());
  await database.orm.schema.create();
  return root;
}

/** A project that names its migrations, and no snapshot. */
test('the snapshot is found when the database has been made', async () => {
  const place = sqlitePlace(makeFolder());
  const root = makeFolder();
  const declaration = { ...declared(root, place), orm: { migrations: { path: root, pathTs: root } } };
  const looked = await open(declaration, place, false);
  expect(await createMigration(looked)).toMatchObject({ sql: expect.stringContaining('create table') });
  expect(readdirSync(root)).toContain('.snapshot-library.db.json');
  await (await open(declaration, place, true)).orm.schema.create();
  expect(await migrationStatus(await open(declaration, place, false))).toMatchObject({ drift: false });
});

test('migrations that the options list are applied, tried and reverted, and no file is written beside them', async () => {
  class Authors extends Migration {
    override up(): void {
      this.addSql('create table authors (id integer)');
    }
    override down(): void {
      this.addSql('drop table authors');
    }
  }
  class Unsafe extends Migration {
    override up(): void {
      this.addSql('create table books (id integer)');
    }
    override down(): void {
      this.addSql('drop table books');
    }
    override isTransactional(): boolean {
      return false;
    }
  }
  const place = sqlitePlace(makeFolder());
  const root = makeFolder();
  const own = (migrationsList: readonly (typeof Authors | { name: string; class: typeof Authors })[]) => ({
    ...declared(root, place),
    orm: { migrations: { migrationsList: [...migrationsList] } },
  });
  const listed = await open(own([{ name: 'first', class: Authors }]), place, true);
  expect(await pendingMigrations(listed)).toContainEqual({
    name: 'first',
    statements: ['create table authors (id integer)'],
  });
  expect(await migrateUp(listed)).toContain('first');
  const more = await open(own([{ name: 'first', class: Authors }, Unsafe]), place, true);
  expect(await migrationStatus(more)).toMatchObject({ executed: ['first'], pending: ['Unsafe'] });
  await expect(pendingMigrations(more)).rejects.toMatchObject({
    message:
      'library: migration Unsafe runs outside a transaction, so a dry run cannot try it and undo it again. Apply it with npx meridian migrate library first.',
  });
  await expect(createMigration(more)).rejects.toMatchObject({
    code: 'migration',
    message: expect.stringMatching(/^library: its MikroORM options list the migrations \(migrationsList\)/),
  });
  expect(await migrateUp(more)).toEqual(['Unsafe']);
  expect([await migrateDown(more), await migrateDown(more)]).toEqual(['Unsafe', 'first']);
  expect(readdirSync(root)).toEqual([]);
});

function define(makePlace: () => Promise<Place>) {
  test('what the tables have already is no change, and to look for changes leaves nothing', async () => {
    const place = await makePlace();
    const root = await madeWithout(place);
    const before = await place.schemaOf('library');
    const database = await open(declared(root, place), place, false);
    expect(await migrationStatus(database)).toMatchObject({ executed: [], drift: false });
    expect(await plannedMigration(database)).toEqual({ file: null, sql: '' });
    expect(await createMigration(database)).toEqual({ file: null, sql: '' });
    expect(await place.schemaOf('library')).toEqual(before);
  });

  test('a migration is written of what has changed since', async () => {
    const place = await makePlace();
    const root = await madeWithout(place);
    const changed = declared(root, place, { born: { type: 'integer', nullable: true } });
    const looked = await open(changed, place, false);
    expect(await migrationStatus(looked)).toMatchObject({ drift: true });
    const { file, sql } = await createMigration(looked);
    expect(sql).toMatch(/^alter table .author. add (?:column )?.born. int(?:eger)? null;$/);
    expect(file).toMatch(/Migration\d+\.ts$/);
    const folder = `${root}/migrations/library/${place.engine}`;
    expect(readdirSync(folder)).toContain('.snapshot-library.json');
    expect(await migrationStatus(looked)).toMatchObject({ drift: false });
    await place.execute('library', sql);
    expect(String(await place.schemaOf('library'))).toContain('born');
  });
}

forEachEngine((makePlace, engine) => {
  define(makePlace);
  if (engine === 'postgresql') {
    describe('in a schema', () => define(() => makePostgresqlPlace('sales')));
  }
});
