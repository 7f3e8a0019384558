/** `meridian migrate`, `migrate:status`, `migrate:check` and `migrate:down` */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridian } from '../support/command.ts';
import { digestsOf } from '../support/files.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const NAMES = ['users', 'products', 'orders'];

function hasTable(folder: string, table: string): boolean {
  const path = join(folder, 'databases', `${table}.db`);
  if (!existsSync(path)) {
    return false;
  }
  const file = new SqliteFile(path, { readonly: true });
  try {
    return file.prepare('select 1 from sqlite_master where name = ?').get(table) !== undefined;
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
      new RegExp(`^${name}: pending: Migration\\d+\\. Run npm run migrate -- ${name}$`, 'm'),
    );
  }
  expect(readdirSync(cwd)).toEqual([]);

  const one = await meridian(['migrate', 'users'], { cwd });
  expect(one.code).toBe(0);
  expect(one.stdout).toMatch(/^users: applied Migration\d+\n$/);
  expect(NAMES.filter((name) => hasTable(cwd, name))).toEqual(['users']);

  const status = await meridian(['migrate:status', '--json'], { cwd });
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    users: { executed: [expect.stringMatching(/^Migration\d+$/)], pending: [], drift: false },
    products: { executed: [], pending: [expect.stringMatching(/^Migration\d+$/)], drift: false },
    orders: { executed: [], pending: [expect.stringMatching(/^Migration\d+$/)], drift: false },
  });
  expect(hasTable(cwd, 'orders')).toBe(false);

  const all = await meridian(['migrate'], { cwd });
  expect(all.code).toBe(0);
  expect(all.stdout).toMatch(/^users: up to date\nproducts: applied Migration\d+\norders: applied Migration\d+\n$/);

  const checked = await meridian(['migrate:check'], { cwd });
  expect(checked).toMatchObject({ code: 0, stdout: 'users: up to date\nproducts: up to date\norders: up to date\n' });

  const down = await meridian(['migrate:down', 'orders'], { cwd });
  expect(down.code).toBe(0);
  expect(down.stdout).toMatch(/^orders: reverted Migration\d+\n$/);
  expect(NAMES.filter((name) => hasTable(cwd, name))).toEqual(['users', 'products']);
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
    const tables = file.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all();
    file.close();
    expect(tables).toEqual(['orders', 'products', 'users']);
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
    users: [expect.stringMatching(/^Migration\d+$/)],
    products: { error: expect.stringContaining('databases/products.db') },
    orders: [expect.stringMatching(/^Migration\d+$/)],
  });
  expect(stderr).toMatch(/^Error: .*databases\/products\.db/m);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(hasTable(cwd, 'users') && hasTable(cwd, 'orders')).toBe(true);
});
