/** `meridian migrate`, `migrate:status`, `migrate:check` and `migrate:down` */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridian } from '../../support/command.ts';
import { digestsOf } from '../../support/files.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { migrationsOf, ownMigrationsOf, tablesOf } from '../../support/schema.ts';

const NAMES = ['users', 'products', 'orders'];
/** What is there once it is used, or migrated. */
const LATER = ['orders.boston', 'orders.denver', 'orders.seattle', 'central', 'documents'];
const allOf = (name: string) => [...migrationsOf(name), ...ownMigrationsOf(name)];

const TABLES_SQL = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";
/** What is said of a database that has no table yet. */
const applied = (name: string) => `${name}: applied ${allOf(name).join(', ')}`;

/** Names of the tables in a database's file, in order, without those that MikroORM keeps for itself. */
function tablesIn(folder: string, database: string): unknown[] {
  const path = join(folder, 'databases', `${database}.db`);
  if (!existsSync(path)) {
    return [];
  }
  const file = new SqliteFile(path, { readonly: true });
  try {
    return file
      .prepare(`${TABLES_SQL} and name not like 'mikro_orm_%' and name <> 'meridian_migrations' order by name`)
      .pluck()
      .all();
  } finally {
    file.close();
  }
}

test('one, then all, then none is left; status, check and down agree', async () => {
  const cwd = makeFolder();
  const unchecked = await meridian(['migrate:check'], { cwd });
  expect(unchecked.code).toBe(1);
  for (const name of NAMES) {
    expect(unchecked.stdout).toMatch(
      new RegExp(`^${name}: pending: Migration\\d+, Migration\\d+.*\\. Run npx meridian migrate ${name}$`, 'm'),
    );
  }
  for (const name of LATER) {
    expect(unchecked.stdout).toMatch(new RegExp(`^${name}: no database yet$`, 'm'));
  }
  expect(readdirSync(cwd)).toEqual([]);

  const one = await meridian(['migrate', 'users'], { cwd });
  expect(one.code).toBe(0);
  expect(one.stdout).toBe(`${applied('users')}\n`);
  expect(NAMES.map((name) => tablesIn(cwd, name))).toEqual([tablesOf('users'), [], []]);

  const status = await meridian(['migrate:status', '--json'], { cwd });
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    users: { executed: migrationsOf('users'), pending: [], drift: false, missing: false },
    products: { executed: [], pending: allOf('products'), drift: false, missing: true },
    orders: { executed: [], pending: allOf('orders'), drift: false, missing: true },
    'orders.boston': { executed: [], pending: allOf('orders'), drift: false, missing: true },
    central: { executed: [], pending: allOf('central'), drift: false, missing: true },
    documents: { executed: [], pending: allOf('documents'), drift: false, missing: true },
  });
  expect(tablesIn(cwd, 'orders')).toEqual([]);

  const all = await meridian(['migrate'], { cwd });
  expect(all.code).toBe(0);
  expect(all.stdout.trimEnd().split('\n')).toEqual([
    'users: up to date',
    ...['products', 'orders', ...LATER].map(applied),
  ]);
  expect(NAMES.map((name) => tablesIn(cwd, name))).toEqual(NAMES.map(tablesOf));

  const checked = await meridian(['migrate:check'], { cwd });
  const upToDate = [...NAMES, ...LATER].map((name) => `${name}: up to date\n`).join('');
  expect(checked).toMatchObject({ code: 0, stdout: upToDate });

  for (const newest of migrationsOf('orders').reverse()) {
    const down = await meridian(['migrate:down', 'orders'], { cwd });
    expect(down).toMatchObject({ code: 0, stdout: `orders: reverted ${newest}\n` });
  }
  expect(NAMES.map((name) => tablesIn(cwd, name))).toEqual([
    tablesOf('users'),
    tablesOf('products'),
    // Meridian's own stay
    tablesOf('orders').filter((table) => /^meridian_(rejects|run|runs)_/.test(table)),
  ]);
  const again = await meridian(['migrate:down', 'orders'], { cwd });
  expect(again).toMatchObject({ code: 0, stdout: 'orders: nothing to revert\n' });

  const table = await meridian(['migrate:status'], { cwd });
  expect(table.stdout).toMatch(/│ database +│ executed +│ pending +│ drift │/);
  expect(table.stdout).toMatch(/│ users +│ Migration\d+ +│ – +│ no +│/);
  expect(table.stdout).toMatch(/│ orders +│ – +│ Migration\d+ +│ no +│/);
});

test('migrate:down without a name exits 2 and reverts nothing', async () => {
  const cwd = makeFolder();
  await meridian(['migrate'], { cwd });
  const before = digestsOf(cwd);
  const { code, stderr } = await meridian(['migrate:down'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('databases');
  expect(digestsOf(cwd)).toEqual(before);
});

test.each(['migrate', 'migrate:status', 'migrate:check', 'migrate:down'])(
  '%s with an unknown name',
  async (command) => {
    const cwd = makeFolder();
    const { code, stdout, stderr } = await meridian([command, 'users', 'people'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('There is no database "people". There are users, products, orders, orders.boston, ');
    expect(readdirSync(cwd)).toEqual([]);
  },
);

describe('migrate --dry-run', () => {
  test('prints SQL that runs, and creates nothing', async () => {
    const cwd = makeFolder();
    const { code, stdout } = await meridian(['migrate', '--dry-run'], { cwd });
    expect(code).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
    // each database begins with the comment of its first migration
    const scripts = Map.groupBy(stdout.split(/^(?=-- )/m), (script) => /^-- (.+): /.exec(script)?.[1]);
    expect([...scripts.keys()]).toEqual([...NAMES, ...LATER]);
    for (const name of NAMES) {
      const file = new SqliteFile(':memory:');
      file.exec(scripts.get(name)?.join('') ?? '');
      const tables = file.prepare(`${TABLES_SQL} order by name`).pluck().all();
      file.close();
      expect(tables).toEqual(expect.arrayContaining(tablesOf(name)));
    }
    expect(scripts.get('orders.boston')?.join('').replaceAll('orders.boston', 'orders')).toEqual(
      scripts.get('orders')?.join(''),
    );
  });

  test('has nothing to print when all is applied', async () => {
    const cwd = makeFolder();
    await meridian(['migrate', 'users'], { cwd });
    const before = digestsOf(cwd);
    const { code, stdout } = await meridian(['migrate', '--dry-run', 'users'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '-- users: up to date\n' });
    expect(digestsOf(cwd)).toEqual(before);
  });
});

test('one broken database does not stop the others', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'databases/products.db', 'This is a text file and no database.\n'.repeat(50));
  const { code, stdout, stderr } = await meridian(['migrate', '--json'], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    users: allOf('users'),
    products: { error: expect.stringContaining('databases/products.db') },
    orders: allOf('orders'),
    'orders.seattle': allOf('orders'),
    central: allOf('central'),
    documents: allOf('documents'),
  });
  expect(stderr).toMatch(/^Error: .*databases\/products\.db/m);
  expect(stderr).not.toMatch(/^ {4}at /m);
  for (const name of ['users', 'orders']) {
    expect(tablesIn(cwd, name)).toEqual(tablesOf(name));
  }
});

describe('regions and central', () => {
  test('by their names, alone; an unknown name is rejected', async () => {
    const cwd = makeFolder();
    const { code, stdout } = await meridian(['migrate', 'orders.boston', 'central'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(`${applied('orders.boston')}\n${applied('central')}\n`);
    expect(
      readdirSync(join(cwd, 'databases'))
        .filter((name) => name.endsWith('.db'))
        .sort(),
    ).toEqual(['central.db', 'orders.boston.db']);
    const named = await meridian(['migrate:check', 'orders.boston', 'central', 'orders.denver'], { cwd });
    expect(named.code).toBe(1);
    expect(named.stdout).toMatch(
      /^orders\.boston: up to date\norders\.denver: pending: .*\. Run npx meridian migrate orders\.denver\ncentral: up to date$/m,
    );
    const table = await meridian(['migrate:status', 'orders.boston', 'orders.denver'], { cwd });
    expect(table.stdout).toMatch(/│ orders\.boston +│ Migration\d+ +│ – +│ no +│/);
    expect(table.stdout).toMatch(/│ orders\.denver +│ no database yet +│ Migration\d+ +│ no +│/);
    const down = await meridian(['migrate:down', 'central'], { cwd });
    expect(down.stdout).toMatch(/^central: reverted Migration\d+\n$/);
    const unknown = await meridian(['migrate', 'orders.bosten'], { cwd });
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('There is no database "orders.bosten". There are users, ');
  });

  test('those that are configured, and those whose files are there', async () => {
    const cwd = makeFolder();
    await meridian(['migrate', 'orders.oslo'], { cwd, env: { REGIONS: 'oslo' } });
    const env = { REGIONS: 'bergen', ORDERS_DATABASE_URL_NEW_YORK: 'sqlite:elsewhere.db' };
    const { code, stdout } = await meridian(['migrate:check', '--json'], { cwd, env });
    expect(code).toBe(1);
    const names = ['orders.bergen', 'orders.new-york', 'orders.oslo'];
    expect(Object.keys(JSON.parse(stdout))).toEqual([...NAMES, ...names, 'central', 'documents']);
    const wrong = await meridian(['migrate'], { cwd, env: { REGIONS: 'bergen,New York' } });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('REGIONS names "New York".');
  });

  test('three databases that are migrated pass the check', async () => {
    const cwd = makeFolder();
    await meridian(['migrate', ...NAMES], { cwd });
    const { code, stdout } = await meridian(['migrate:check'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [...NAMES.map((name) => `${name}: up to date\n`), ...LATER.map((name) => `${name}: no database yet\n`)].join(''),
    );
  });
});
