/** Migrations of each database: up, down, up again, what is pending, what has drifted, what fails. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import SqliteFile from 'better-sqlite3';
import { catalog, users } from '../../src/databases/catalog.ts';
import { Database, type DatabaseOptions } from '../../src/databases/database.ts';
import type { DatabaseDeclaration } from '../../src/databases/declaration.ts';
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from '../../src/databases/migrations.ts';
import { projectRoot } from '../../src/databases/project.ts';
import { fileOf, locationIn } from '../support/databases.ts';
import { digestsOf } from '../support/files.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { schemaOf } from '../support/schema.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(declaration, options);
  opened.push(database);
  return database;
}

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  users: ['id integer', 'name text', 'email text'],
  products: ['id integer', 'sku text', 'name text', 'price_cents bigint'],
  orders: ['id integer', 'user_id integer', 'product_id integer', 'quantity integer'],
};

const INDEXES: Readonly<Record<string, readonly string[]>> = {
  users: ['users_email_unique 1'],
  products: ['products_name_price_unique 1', 'products_sku_unique 1'],
  orders: ['orders_product_id_index 0', 'orders_user_id_index 0'],
};

function describeTable(path: string, table: string): { columns: string[]; indexes: string[] } {
  const file = new SqliteFile(path, { readonly: true });
  try {
    const columns = file.pragma(`table_info(${table})`) as { name: string; type: string }[];
    const indexes = file.pragma(`index_list(${table})`) as { name: string; unique: number }[];
    return {
      columns: columns.map(({ name, type }) => `${name} ${type.toLowerCase()}`),
      indexes: indexes.map(({ name, unique }) => `${name} ${unique}`).sort(),
    };
  } finally {
    file.close();
  }
}

describe.each(catalog.map((declaration) => [declaration.name, declaration] as const))('%s', (name, declaration) => {
  test('up, down to what was there before, and up again', async () => {
    const folder = makeFolder();
    const path = fileOf(folder, name);
    const database = await open(declaration, locationIn(folder, name));
    const before = schemaOf(path);
    const applied = await migrateUp(database);
    expect(applied).toHaveLength(1);
    expect(describeTable(path, name)).toEqual({ columns: COLUMNS[name], indexes: INDEXES[name] });
    const migrated = schemaOf(path);
    expect(await migrateUp(database)).toEqual([]);
    expect(await migrationStatus(database)).toMatchObject({ executed: applied, pending: [], drift: false });

    expect(await migrateDown(database)).toBe(applied[0]);
    expect(schemaOf(path)).toEqual(before);
    expect(await migrationStatus(database)).toMatchObject({ executed: [], pending: applied, drift: false });
    expect(await migrateDown(database)).toBeUndefined();

    expect(await migrateUp(database)).toEqual(applied);
    expect(schemaOf(path)).toEqual(migrated);
  });

  test('asking for the status, or for what is pending, writes nothing', async () => {
    const folder = makeFolder();
    const empty = new SqliteFile(fileOf(folder, name));
    empty.pragma('journal_mode = wal');
    empty.close();
    const before = digestsOf(folder);
    const database = await open(declaration, { ...locationIn(folder, name), create: false });
    const { executed, pending } = await migrationStatus(database);
    expect(executed).toEqual([]);
    const [migration, ...more] = await pendingMigrations(database);
    expect(more).toEqual([]);
    expect([migration?.name]).toEqual(pending);
    const sql = new SqliteFile(':memory:');
    for (const statement of migration?.statements ?? []) {
      sql.exec(statement);
    }
    expect(sql.prepare("select name from sqlite_master where type = 'table'").pluck().all()).toEqual([name]);
    sql.close();
    await database.close();
    opened.pop();
    expect(digestsOf(folder)).toEqual(before);
  });
});

describe('a file that is not there', () => {
  test('is neither needed for an answer nor made by it', async () => {
    const folder = makeFolder();
    const database = await open(users, { ...locationIn(folder, 'users'), create: false });
    expect(await migrationStatus(database)).toMatchObject({ executed: [], pending: [expect.any(String)] });
    expect(await pendingMigrations(database)).toHaveLength(1);
    expect(await migrateDown(database)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('asking for the status of a file without a write-ahead log leaves it as it is', async () => {
  const folder = makeFolder();
  new SqliteFile(fileOf(folder, 'users')).exec('vacuum').close();
  const before = digestsOf(folder);
  const database = await Database.open(users, { ...locationIn(folder, 'users'), create: false });
  await migrationStatus(database);
  await database.close();
  expect(digestsOf(folder)).toEqual(before);
});

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
  const folder = makeFolder();
  const same = await open(users, locationIn(folder, 'users'));
  await migrateUp(same);
  expect(await migrationStatus(same)).toMatchObject({ pending: [], drift: false });
  const changed = await open({ ...users, entity: UserWithNickname }, locationIn(folder, 'users'));
  expect(await migrationStatus(changed)).toMatchObject({ pending: [], drift: true });
});

describe('migrations of the test itself', () => {
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

  test('one that fails leaves the database as it was, and is named', async () => {
    const folder = makeFolder();
    const migrationsDirectory = join(folder, 'migrations');
    mkdirSync(migrationsDirectory);
    const first = 'Migration20260101000001';
    const second = 'Migration20260101000002';
    writeIn(folder, `migrations/${first}.js`, migration(first, ['create table `a` (`id` integer);']));
    const options = { ...locationIn(folder, 'users'), migrationsDirectory };
    expect(await migrateUp(await open(users, options))).toEqual([first]);
    const before = schemaOf(fileOf(folder, 'users'));

    writeIn(
      folder,
      `migrations/${second}.js`,
      migration(second, ['create table `b` (`id` integer);', 'insert into `nowhere` values (1);']),
    );
    const database = await open(users, options);
    await expect(migrateUp(database)).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringMatching(new RegExp(`users.*${second}|${second}.*users`, 's')),
    });
    expect(schemaOf(fileOf(folder, 'users'))).toEqual(before);
    expect(await migrationStatus(database)).toMatchObject({ executed: [first], pending: [second] });
  });

  test('the newest cannot be reverted when its file is gone, and no other is reverted instead', async () => {
    const folder = makeFolder();
    const names = ['Migration20260103000001', 'Migration20260103000002'];
    for (const [index, name] of names.entries()) {
      const up = [`create table \`t${index}\` (\`id\` integer);`];
      writeIn(folder, `migrations/${name}.js`, migration(name, up, [`drop table \`t${index}\`;`]));
    }
    const options = { ...locationIn(folder, 'users'), migrationsDirectory: join(folder, 'migrations') };
    expect(await migrateUp(await open(users, options))).toEqual(names);
    const before = schemaOf(fileOf(folder, 'users'));
    rmSync(join(folder, 'migrations', `${names[1]}.js`));
    const database = await open(users, options);
    await expect(migrateDown(database)).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringContaining(`${names[1]}`),
    });
    expect(schemaOf(fileOf(folder, 'users'))).toEqual(before);
    expect(await migrationStatus(database)).toMatchObject({ executed: names });
  });

  test('pending ones are told in their order with their SQL', async () => {
    const folder = makeFolder();
    const names = ['Migration20260102000001', 'Migration20260102000002'];
    for (const name of names) {
      writeIn(folder, `migrations/${name}.js`, migration(name, [`create table \`${name}\` (\`id\` integer);`]));
    }
    const options = { ...locationIn(folder, 'users'), migrationsDirectory: join(folder, 'migrations'), create: false };
    const pending = await pendingMigrations(await open(users, options));
    expect(pending.map(({ name }) => name)).toEqual(names);
    for (const { name, statements } of pending) {
      expect(statements.join('\n')).toContain(`create table \`${name}\``);
    }
    expect(existsSync(fileOf(folder, 'users'))).toBe(false);
  });

  test('pending ones that run statements of their own run them for nothing', async () => {
    const folder = makeFolder();
    const table = 'Migration20260104000001';
    const data = 'Migration20260104000002';
    writeIn(
      folder,
      `migrations/${table}.js`,
      migration(table, ['create table `a` (`id` integer);', 'insert into `a` values (1);']),
    );
    const options = { ...locationIn(folder, 'users'), migrationsDirectory: join(folder, 'migrations') };
    await migrateUp(await open(users, options));
    writeIn(
      folder,
      `migrations/${data}.js`,
      `import { Migration } from '${library}';
      export class ${data} extends Migration {
        async up() {
          const [{ count }] = await this.execute('select count(*) as count from a');
          await this.execute('delete from a');
          this.addSql('insert into a values (' + (count + 41) + ');');
        }
      }`,
    );
    const database = await open(users, options);
    expect(await pendingMigrations(database)).toEqual([
      { name: data, statements: ['select count(*) as count from a', 'delete from a', 'insert into a values (42);'] },
    ]);
    expect(await database.orm.em.execute('select id from a')).toEqual([{ id: 1 }]);
  });
});
