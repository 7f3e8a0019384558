/** `meridian verify`: what it says and how it exits. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridian } from '../../support/command.ts';
import { makeFolder } from '../../support/folder.ts';

function change(folder: string, database: string, sql: string): void {
  const file = new SqliteFile(join(folder, 'databases', `${database}.db`));
  file.exec(sql);
  file.close();
}

test('clean, then wrong behind its back', async () => {
  const cwd = makeFolder();
  await meridian(['populate', '--quiet'], { cwd });
  const clean = await meridian(['verify'], { cwd });
  expect(clean).toMatchObject({ code: 0, stderr: '' });
  expect(clean.stdout).toMatch(/│ users +│ +8 │ +0 │/);
  expect(clean.stdout).toMatch(/│ orders +│ +6 │ +0 │/);

  change(cwd, 'orders', 'insert into orders (id, user_id, product_id, quantity) values (99, 1, 77, 1)');
  change(cwd, 'users', "update users set name = '' where id = 2");
  const wrong = await meridian(['verify', '--json'], { cwd });
  expect(wrong.code).toBe(1);
  expect(JSON.parse(wrong.stdout)).toEqual({
    users: {
      rows: 8,
      violations: 1,
      examples: [{ id: 2, errors: [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }] }],
    },
    products: { rows: 8, violations: 0, examples: [] },
    orders: {
      rows: 7,
      violations: 1,
      examples: [
        { id: 99, errors: [{ property: 'productId', code: 'reference', message: 'Product 77 does not exist' }] },
      ],
    },
  });
  expect(wrong.stderr).toContain('Order 99: Product 77 does not exist');
  expect(wrong.stderr).toContain('User 2: Name cannot be empty');

  const quiet = await meridian(['verify', '--quiet'], { cwd });
  expect(quiet).toMatchObject({ code: 1, stdout: '' });
  expect(quiet.stderr).toContain('Order 99: Product 77 does not exist');
});

test('an unmigrated database is reported as such', async () => {
  const cwd = makeFolder();
  await meridian(['migrate'], { cwd });
  await meridian(['migrate:down', 'orders'], { cwd });
  const { code, stdout, stderr } = await meridian(['verify', '--json'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: orders: .*npx meridian migrate/m);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'migration' });
});

test('a missing database is reported as such, and not created', async () => {
  const cwd = makeFolder();
  const { code, stderr } = await meridian(['verify'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: users: databases\/users\.db does not exist\. /);
  expect(readdirSync(cwd)).toEqual([]);
});

test('existing regions are checked as well, with their stock; plain orders are not required', async () => {
  const cwd = makeFolder();
  await meridian(['populate', '--quiet', '--region', 'boston'], { cwd });
  await meridian(['populate', '--quiet', '--region', 'oslo'], { cwd });
  const clean = await meridian(['verify', '--json'], { cwd });
  expect(clean.code).toBe(0);
  expect(JSON.parse(clean.stdout)).toEqual({
    users: { rows: 8, violations: 0, examples: [] },
    products: { rows: 8, violations: 0, examples: [] },
    'orders.boston': { rows: 6, violations: 0, examples: [] },
    'orders.oslo': { rows: 6, violations: 0, examples: [] },
  });
  change(cwd, 'orders.oslo', 'update orders set user_id = 99 where id = 1');
  change(
    cwd,
    'orders.oslo',
    "insert into stock (product_id, name, unit_price_cents, on_hand) values (1, 'Mug', -1, 5)",
  );
  const wrong = await meridian(['verify', '--json'], { cwd });
  expect(wrong.code).toBe(1);
  expect(JSON.parse(wrong.stdout)['orders.oslo']).toEqual({
    rows: 7,
    violations: 2,
    examples: [
      { id: 1, errors: [{ property: 'userId', code: 'reference', message: 'User 99 does not exist' }] },
      { entity: 'Stock', id: 1, errors: [expect.objectContaining({ message: 'Unit price cannot be negative' })] },
    ],
  });
  expect(wrong.stderr).toContain('orders.oslo: Order 1: User 99 does not exist');
  expect(wrong.stderr).toContain('orders.oslo: Stock 1: Unit price cannot be negative');
});
