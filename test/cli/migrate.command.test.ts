/** `meridian migrate`, `migrate:status`, `migrate:check` and `migrate:down` */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridian } from '../support/command.ts';
import { digestsOf } from '../support/files.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { tablesOf } from '../support/schema.ts';

const NAMES = ['users', 'products', 'orders'];
const TABLES_SQL = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";
/** The names of the migrations of one database, as the JSON output lists them. */
const BOTH = [expect.stringMatching(/^Migration\d+$/), expect.stringMatching(/^Migration\d+$/)];

/** Names of the tables in a database's file, in order, without those that MikroORM keeps for itself. */
function tablesIn(folder: string, database: string): unknown[] {
  const path = join(folder, 'databases', `${database}.db`);
  if (!existsSync(path)) {
    return [];
  }
  const file = new SqliteFile(path, { readonly: true });
  try {
    return file.prepare(`${TABLES_SQL} and name not like 'mikro_orm_%' order by name`).pluck().all();
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
      new RegExp(`^${name}: pending: Migration\\d+, Migration\\d+\\. Run npm run migrate -- ${name}$`, 'm'),
    );
  }
  expect(readdirSync(cwd)).toEqual([]);

  const one = await meridian(['migrate', 'users'], { cwd });
  expect(one.code).toBe(0);
  expect(one.stdout).toMatch(/^users: applied Migration\d+, Migration\d+\n$/);
  expect(NAMES.map((name) => tablesIn(cwd, name))).toEqual([tablesOf('users'), [], []]);

  const status = await meridian(['migrate:status', '--json'], { cwd });
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    users: { executed: BOTH, pending: [], drift: false },
    products: { executed: [], pending: BOTH, drift: false },
    orders: { executed: [], pending: BOTH, drift: false },
  });
  expect(tablesIn(cwd, 'orders')).toEqual([]);

  const all = await meridian(['migrate'], { cwd });
  expect(all.code).toBe(0);
  expect(all.stdout).toMatch(
    /^users: up to date\nproducts: applied Migration\d+, Migration\d+\norders: applied Migration\d+, Migration\d+\n$/,
  );
  expect(NAMES.map((name) => tablesIn(cwd, name))).toEqual(NAMES.map(tablesOf));

  const checked = await meridian(['migrate:check'], { cwd });
  expect(checked).toMatchObject({ code: 0, stdout: 'users: up to date\nproducts: up to date\norders: up to date\n' });

  const [, first, second] = /^orders: applied (Migration\d+), (Migration\d+)$/m.exec(all.stdout) ?? [];
  for (const [newest, left] of [
    [second, ['orders']],
    [first, []],
  ]) {
    const down = await meridian(['migrate:down', 'orders'], { cwd });
    expect(down).toMatchObject({ code: 0, stdout: `orders: reverted ${newest}\n` });
    expect(NAMES.map((name) => tablesIn(cwd, name))).toEqual([tablesOf('users'), tablesOf('products'), left]);
  }
  const again = await meridian(['migrate:down', 'orders'], { cwd });
  expect(again).toMatchObject({ code: 0, stdout: 'orders: nothing to revert\n' });

  const table = await meridian(['migrate:status'], { cwd });
  expect(table.stdout).toMatch(/│ database +│ executed +│ pending +│ drift │/);
  expect(table.stdout).toMatch(/│ users +│ Migration\d+ +│ – +│ no +│/);
  expect(table.stdout).toMatch(/│ orders +│ – +│ Migration\d+ +│ no +│/);
}, 60_000);

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
    expect(stderr).toContain('There is no database "people". There are users, products, orders.');
    expect(readdirSync(cwd)).toEqual([]);
  },
);

describe('migrate --dry-run', () => {
  test('prints SQL that runs, and creates nothing', async () => {
    const cwd = makeFolder();
    const { code, stdout } = await meridian(['migrate', '--dry-run'], { cwd });
    expect(code).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
    const file = new SqliteFile(':memory:');
    file.exec(stdout);
    const tables = file.prepare(`${TABLES_SQL} order by name`).pluck().all();
    file.close();
    expect(tables).toEqual([...tablesOf('orders'), ...tablesOf('products'), ...tablesOf('users')]);
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

test('one broken database does not keep the others from being migrated and told', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'databases/products.db', 'This is a text file and no database.\n'.repeat(50));
  const { code, stdout, stderr } = await meridian(['migrate', '--json'], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    users: BOTH,
    products: { error: expect.stringContaining('databases/products.db') },
    orders: BOTH,
  });
  expect(stderr).toMatch(/^Error: .*databases\/products\.db/m);
  expect(stderr).not.toMatch(/^ {4}at /m);
  for (const name of ['users', 'orders']) {
    expect(tablesIn(cwd, name)).toEqual(tablesOf(name));
  }
});
