/** Migrations outside a transaction, which some statements need: every engine applies them, and a failure reports what stays. */
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from '../../src/database/migrate.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { users } from '../../src/shop/catalog.ts';
import { forEachEngine } from '../support/engines.ts';
import { writeIn } from '../support/folder.ts';
import { ownMigrationsOf } from '../support/schema.ts';

const library = pathToFileURL(join(projectRoot, 'node_modules', '@mikro-orm', 'migrations', 'index.js')).href;
const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(users, options);
  opened.push(database);
  return database;
}

interface Given {
  readonly up: readonly string[];
  readonly down?: readonly string[];
  readonly isOutside?: boolean;
}

function textOf(name: string, { up, down = [], isOutside = false }: Given): string {
  const add = (statements: readonly string[]) =>
    statements.map((sql) => `this.addSql(${JSON.stringify(sql)});`).join(' ');
  return `import { Migration } from '${library}';
    export class ${name} extends Migration {
      isTransactional() { return ${!isOutside}; }
      up() { ${add(up)} }
      down() { ${add(down)} }
    }`;
}

const [FIRST, SECOND, THIRD] = [
  'Migration20270101000001',
  'Migration20270101000002',
  'Migration20270101000003',
] as const;

forEachEngine((makePlace, engine) => {
  async function withMigrations(migrations: Readonly<Record<string, Given>>) {
    const place = await makePlace();
    const migrationsDirectory = join(place.folder, 'migrations');
    mkdirSync(migrationsDirectory);
    for (const [name, given] of Object.entries(migrations)) {
      writeIn(migrationsDirectory, `${name}.js`, textOf(name, given));
    }
    return { place, database: await open({ ...place.options('users'), migrationsDirectory }) };
  }

  const concurrently = engine === 'postgresql' ? 'concurrently' : '';
  const table: Given = { up: ['create table a (id integer)'], down: ['drop table a'] };
  const index: Given = {
    up: [`create index ${concurrently} a_id on a (id)`],
    down: [`drop index ${concurrently} a_id`],
    isOutside: true,
  };

  const OWN = ownMigrationsOf('users');

  test('a migration that is a link is applied, and one whose file is gone is none', async () => {
    const { place, database } = await withMigrations({ [FIRST]: table });
    const migration = join(place.folder, 'migrations', `${FIRST}.js`);
    const mounted = join(place.folder, 'mounted.js');
    renameSync(migration, mounted);
    symlinkSync(mounted, migration);
    symlinkSync(join(place.folder, 'gone.js'), join(place.folder, 'migrations', `${SECOND}.js`));
    expect(await migrateUp(database)).toEqual([FIRST, ...OWN]);
  });

  test('a migration between two others is applied, recorded and reverted', async () => {
    const { place, database } = await withMigrations({
      [FIRST]: table,
      [SECOND]: index,
      [THIRD]: { up: ['insert into a values (1)'], down: ['delete from a'] },
    });
    expect(await migrateUp(database)).toEqual([FIRST, SECOND, THIRD, ...OWN]);
    expect(await place.rowsOf('a', 'users')).toEqual([{ id: 1 }]);
    expect((await place.schemaOf('users')).join()).toContain('a_id');
    expect(await migrateDown(database)).toBe(THIRD);
    expect(await migrateDown(database)).toBe(SECOND);
    expect((await place.schemaOf('users')).join()).not.toContain('a_id');
    expect(await migrationStatus(database)).toMatchObject({ executed: [FIRST], pending: [SECOND, THIRD] });
  });

  const parent = 'create table a (id integer primary key)';
  const child = 'create table b (id integer primary key, a_id integer not null references a (id))';
  const rows = ['insert into a values (1)', 'insert into b values (1, 1)'];

  // SQLite deletes the rows of a table that is dropped; PostgreSQL does not drop one that another refers to
  const testOnSqlite = engine === 'sqlite' ? test : () => undefined;
  testOnSqlite('tables with rows are dropped in any order', async () => {
    const { place, database } = await withMigrations({
      [FIRST]: { up: [parent, child, ...rows], down: ['drop table a', 'drop table b'] },
    });
    await migrateUp(database);
    expect(await migrateDown(database)).toBe(FIRST);
    const schema = (await place.schemaOf('users')).filter((sql) => !sql.includes('meridian_'));
    expect(schema).toEqual([]);
    // and from here on, foreign keys hold again
    await database.fork().execute(`${parent};`);
    await database.fork().execute(child);
    await expect(database.fork().execute('insert into b values (1, 2)')).rejects.toThrow(/foreign key/i);
  });

  test('a table that rows refer to is not dropped', async () => {
    const { place, database } = await withMigrations({
      [FIRST]: { up: [parent, child, ...rows], down: ['drop table b', 'drop table a'] },
      [SECOND]: { up: [], down: ['drop table a'] },
    });
    await migrateUp(database);
    await expect(migrateDown(database)).rejects.toMatchObject({ code: 'migration' });
    expect(await place.rowsOf('b', 'users')).toEqual([{ id: 1, a_id: 1 }]);
    expect(await place.rowsOf('a', 'users')).toEqual([{ id: 1 }]);
  });

  describe('a failing migration without a transaction', () => {
    test('says which of its statements stay, and which migrations were applied before it', async () => {
      const { place, database } = await withMigrations({
        [FIRST]: table,
        [SECOND]: { up: ['insert into a values (1)', 'insert into nowhere values (1)'], isOutside: true },
        [THIRD]: table,
      });
      await expect(migrateUp(database)).rejects.toMatchObject({
        code: 'migration',
        message: expect.stringMatching(
          new RegExp(
            `^users: migration ${SECOND} failed: the database refused: .*nowhere.* Applied before it, and still applied: ${FIRST}. ` +
              'It runs outside a transaction: its first statement stays, up to "insert into a values \\(1\\)". Undo that by hand',
            's',
          ),
        ),
      });
      expect(await place.rowsOf('a', 'users')).toEqual([{ id: 1 }]);
      expect(await migrationStatus(database)).toMatchObject({ executed: [FIRST], pending: [SECOND, THIRD, ...OWN] });
    });

    test('at its first statement says that it may have left something', async () => {
      const { database } = await withMigrations({ [FIRST]: index });
      await expect(migrateUp(database)).rejects.toMatchObject({
        code: 'migration',
        message: expect.stringMatching(/its first statement failed, and may have left something/),
      });
    });

    test('says the same when it is being reverted', async () => {
      const { database } = await withMigrations({
        [FIRST]: { up: [...table.up], down: ['drop table a', 'drop table a'], isOutside: true },
      });
      await migrateUp(database);
      await expect(migrateDown(database)).rejects.toThrow('its first statement stays, up to "drop table a"');
      expect(await migrationStatus(database)).toMatchObject({ executed: [FIRST], pending: [] });
    });
  });

  test('a failing migration in a transaction says what a migration without one applied before', async () => {
    const { place, database } = await withMigrations({
      [FIRST]: table,
      [SECOND]: { up: ['insert into a values (1)', 'insert into nowhere values (1)'] },
      [THIRD]: index,
    });
    await expect(migrateUp(database)).rejects.toThrow(
      new RegExp(`^users: migration ${SECOND} failed: .* Applied before it, and still applied: ${FIRST}\\.$`, 's'),
    );
    expect(await place.rowsOf('a', 'users')).toEqual([]);
  });

  test('migrations that are all in transactions are applied together or not at all', async () => {
    const { place, database } = await withMigrations({
      [FIRST]: table,
      [SECOND]: { up: ['insert into nowhere values (1)'] },
    });
    await expect(migrateUp(database)).rejects.toThrow(`migration ${SECOND} failed and no migration was applied: `);
    expect(await place.schemaOf('users')).toEqual([]);
  });

  test('a dry run does not run it, and says what to do', async () => {
    const { place, database } = await withMigrations({ [FIRST]: table, [SECOND]: index });
    await expect(pendingMigrations(database)).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringMatching(
        new RegExp(
          `^users: migration ${SECOND} runs outside a transaction, so a dry run cannot try it .*${SECOND}\\.js\\. Apply it`,
        ),
      ),
    });
    expect(await place.schemaOf('users')).toEqual([]);
  });
});
