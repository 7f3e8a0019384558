/** Migrations of each database: up, down, up again, what is pending, what has drifted, what fails. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import SqliteFile from 'better-sqlite3';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from '../../src/database/migrate.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { catalog, central, documents, users } from '../../src/shop/catalog.ts';
import { fileOf, locationIn } from '../support/databases.ts';
import { thoroughTest } from '../support/depth.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { digestsOf } from '../support/files.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { migrationsOf, ownMigrationsOf } from '../support/schema.ts';
import { ofProject, stagesOf } from './shop-schemas.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(declaration, options);
  opened.push(database);
  return database;
}

const library = pathToFileURL(join(projectRoot, 'node_modules', '@mikro-orm', 'migrations', 'index.js')).href;

function migration(name: string, up: readonly string[], down: readonly string[] = []): string {
  const add = (statements: readonly string[]) =>
    statements.map((sql) => `this.addSql(${JSON.stringify(sql)});`).join('\n');
  return `import { Migration } from '${library}';
    export class ${name} extends Migration {
      up() { ${add(up)} }
      down() { ${add(down)} }
    }`;
}

forEachEngine((makePlace, engine) => {
  describe.each([...catalog, central, documents].map((declaration) => [declaration.name, declaration] as const))(
    '%s',
    (name, declaration) => {
      const stages = stagesOf(engine, name);
      const testOnce = engine === 'sqlite' ? test : thoroughTest;

      testOnce('up, down step by step to the former schema, and up again', async () => {
        const place = await makePlace();
        const database = await open(declaration, place.options(name));
        const schema = async () => ofProject(await place.schemaOf(name));
        const status = async () => {
          const { executed, pending, drift } = await migrationStatus(database);
          return { executed, pending: ofProject(pending), drift };
        };
        const applied = ofProject(await migrateUp(database));
        expect(applied).toHaveLength(stages.length);
        expect(await schema()).toEqual(stages.at(-1));
        expect(await migrateUp(database)).toEqual([]);
        expect(await migrationStatus(database)).toMatchObject({ executed: applied, pending: [], drift: false });

        for (const [index, newest] of [...applied.entries()].reverse()) {
          expect(await migrateDown(database)).toBe(newest);
          expect(await schema()).toEqual(stages[index - 1] ?? []);
          const [executed, pending] = [applied.slice(0, index), applied.slice(index)];
          expect(await status()).toEqual({ executed, pending, drift: false });
          expect(ofProject(await migrateUp(database))).toEqual(pending);
          expect(await schema()).toEqual(stages.at(-1));
          for (const one of pending.toReversed()) {
            expect(await migrateDown(database)).toBe(one);
          }
        }
        expect(await migrateDown(database)).toBeUndefined();

        expect(ofProject(await migrateUp(database))).toEqual(applied);
        expect(await schema()).toEqual(stages.at(-1));
        expect(await migrationStatus(database)).toMatchObject({ executed: applied, pending: [], drift: false });
      });

      test('reading the status, or the pending migrations, writes nothing', async () => {
        const place = await makePlace();
        const everything = await contentsOf(place, name);
        const database = await open(declaration, { ...place.options(name), create: false });
        const { executed, pending } = await migrationStatus(database);
        expect(executed).toEqual([]);
        const listed = await pendingMigrations(database);
        expect(listed.map((one) => one.name)).toEqual(pending);
        await Promise.all(opened.splice(0).map((one) => one.close()));
        expect(await contentsOf(place, name)).toEqual(everything);
        // and it is the SQL that makes the schema
        for (const statement of listed.flatMap(({ statements }) => statements)) {
          await place.execute(name, statement);
        }
        expect(ofProject(await place.schemaOf(name))).toEqual(stages.at(-1));
      });
    },
  );

  test('an entity with a property that the snapshot does not know has drifted', async () => {
    @Entity({ tableName: 'users' })
    class UserWithNickname {
      @PrimaryKey({ type: 'integer', autoincrement: false })
      id!: number;

      @Property({ type: 'text' })
      name!: string;

      @Property({ type: 'text', collation: 'nocase' })
      @Unique()
      email!: string;

      @Property({ type: 'text', nullable: true })
      nickname: string | null = null;
    }
    const place = await makePlace();
    const same = await open(users, place.options('users'));
    await migrateUp(same);
    expect(await migrationStatus(same)).toMatchObject({ pending: [], drift: false });
    const changed = await open(
      { ...users, entities: [{ name: 'user', entity: UserWithNickname }] },
      place.options('users'),
    );
    expect(await migrationStatus(changed)).toMatchObject({ pending: [], drift: true });
  });

  test('an entity with a case-sensitive index has drifted', async () => {
    @Entity({ tableName: 'users' })
    class UserWithStrictEmail {
      @PrimaryKey({ type: 'integer', autoincrement: false })
      id!: number;

      @Property({ type: 'text' })
      name!: string;

      @Property({ type: 'text' })
      @Unique()
      email!: string;
    }
    const place = await makePlace();
    const changed = await open(
      { ...users, entities: [{ name: 'user', entity: UserWithStrictEmail }] },
      place.options('users'),
    );
    expect(await migrationStatus(changed)).toMatchObject({ drift: true });
  });

  describe('migrations of the test', () => {
    /** Where the files of the test's migrations are; they are given by name. */
    async function withMigrations(files: Readonly<Record<string, string>>) {
      const place = await makePlace();
      const migrationsDirectory = join(place.folder, 'migrations');
      mkdirSync(migrationsDirectory);
      const add = (name: string, text: string) => writeIn(place.folder, `migrations/${name}.js`, text);
      for (const [name, text] of Object.entries(files)) {
        add(name, text);
      }
      return { place, add, options: { ...place.options('users'), migrationsDirectory } };
    }

    test('a failing migration leaves the database unchanged, and is named', async () => {
      const [first, second] = ['Migration20260101000001', 'Migration20260101000002'];
      const { place, add, options } = await withMigrations({
        [first]: migration(first, ['create table a (id integer);']),
      });
      expect(ofProject(await migrateUp(await open(users, options)))).toEqual([first]);
      const before = await place.schemaOf('users');

      add(second, migration(second, ['create table b (id integer);', 'insert into nowhere values (1);']));
      const database = await open(users, options);
      await expect(migrateUp(database)).rejects.toMatchObject({
        code: 'migration',
        message: expect.stringMatching(new RegExp(`users.*${second}|${second}.*users`, 's')),
      });
      expect(await place.schemaOf('users')).toEqual(before);
      expect(await migrationStatus(database)).toMatchObject({ executed: [first], pending: [second] });
    });

    test('the newest migration cannot be reverted without its file, and no other is reverted instead', async () => {
      const names = ['Migration20260103000001', 'Migration20260103000002'];
      const { place, options } = await withMigrations(
        Object.fromEntries(
          names.map((name, index) => [
            name,
            migration(name, [`create table t${index} (id integer);`], [`drop table t${index};`]),
          ]),
        ),
      );
      expect(ofProject(await migrateUp(await open(users, options)))).toEqual(names);
      const before = await place.schemaOf('users');
      rmSync(join(place.folder, 'migrations', `${names[1]}.js`));
      const database = await open(users, options);
      await expect(migrateDown(database)).rejects.toMatchObject({
        code: 'migration',
        message: expect.stringContaining(`${names[1]}`),
      });
      expect(await place.schemaOf('users')).toEqual(before);
      expect(await migrationStatus(database)).toMatchObject({ executed: names });
    });

    test('pending migrations are listed in order, with their SQL', async () => {
      const names = ['Migration20260102000001', 'Migration20260102000002'];
      const { place, options } = await withMigrations(
        Object.fromEntries(names.map((name) => [name, migration(name, [`create table ${name} (id integer);`])])),
      );
      const pending = await pendingMigrations(await open(users, { ...options, create: false }));
      expect(ofProject(pending.map(({ name }) => name))).toEqual(names);
      for (const { name, statements } of pending.slice(0, names.length)) {
        expect(statements.join('\n')).toContain(`create table ${name}`);
      }
      expect(existsSync(fileOf(place.folder, 'users'))).toBe(false);
    });

    test('pending ones that run statements of their own run them for nothing', async () => {
      const [table, data] = ['Migration20260104000001', 'Migration20260104000002'];
      const { place, add, options } = await withMigrations({
        [table]: migration(table, ['create table a (id integer);', 'insert into a values (1);']),
      });
      await migrateUp(await open(users, options));
      add(
        data,
        `import { Migration } from '${library}';
        export class ${data} extends Migration {
          async up() {
            const [{ count }] = await this.execute('select count(*) as count from a');
            await this.execute('delete from a');
            this.addSql('insert into a values (' + (count + 41) + ');');
          }
        }`,
      );
      expect(await pendingMigrations(await open(users, options))).toEqual([
        { name: data, statements: ['select count(*) as count from a', 'delete from a', 'insert into a values (42);'] },
      ]);
      expect(await place.rowsOf('a', 'users')).toEqual([{ id: 1 }]);
    });
  });
});

/** Everything that can be seen of a database from outside. */
async function contentsOf(place: Place, name: string): Promise<unknown> {
  return place.engine === 'sqlite'
    ? digestsOf(place.folder)
    : place.execute(name, "select oid from pg_class where relname not like 'pg_toast%' order by oid");
}

describe('a file that does not exist', () => {
  test('is not needed for the status, and is not created', async () => {
    const folder = makeFolder();
    const database = await open(users, { ...locationIn(folder, 'users'), create: false });
    const { executed, pending } = await migrationStatus(database);
    expect(executed).toEqual([]);
    expect(pending).toEqual([...migrationsOf('users'), ...ownMigrationsOf('users')]);
    expect((await pendingMigrations(database)).map(({ name }) => name)).toEqual(pending);
    expect(await migrateDown(database)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each(['wal', 'delete'])('reading the status of a file in mode %s does not change it', async (mode) => {
  const folder = makeFolder();
  const file = new SqliteFile(fileOf(folder, 'users'));
  file.pragma(`journal_mode = ${mode}`);
  file.exec('vacuum').close();
  const before = digestsOf(folder);
  const database = await Database.open(users, { ...locationIn(folder, 'users'), create: false });
  await migrationStatus(database);
  await pendingMigrations(database);
  await database.close();
  expect(digestsOf(folder)).toEqual(before);
});
