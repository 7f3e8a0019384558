/** `meridian order` and `meridian verify --repair`: what they say and how they exit. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { type CommandResult, meridian } from '../../support/command.ts';
import { makeFolder } from '../../support/folder.ts';

// each starts many processes
let cwd: string;
const run = (...args: string[]): Promise<CommandResult> => meridian(args, { cwd });
const order = (...args: string[]) => run('order', ...args, '--region', 'boston');
const receive = (product: number, quantity: number) =>
  run(
    'stock',
    'receive',
    '--region',
    'boston',
    '--product',
    String(product),
    '--quantity',
    String(quantity),
    '--price',
    '2.50',
  );

beforeEach(() => {
  cwd = makeFolder();
});

test('place, again, list, cancel', async () => {
  await run('populate', '--quiet');
  await receive(1, 10);
  await receive(3, 10);
  const placed = await order('place', '--user', '1', '--item', '1x2', '--item', '3x1', '--item', '1x1', '--key', 'K');
  expect(placed).toMatchObject({ code: 0, stderr: '' });
  expect(placed.stdout).toMatch(/│ +1 │ +1 │ +3 │ +2\.50 │\n│ +2 │ +3 │ +1 │ +2\.50 │/);
  expect(placed.stdout).toContain('Placed in boston with the key K: 10.00 in all, confirmed.');

  const again = await order('place', '--user', '1', '--item', '3x1', '--item', '1x3', '--key', 'K', '--json');
  expect(again).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^The key K was used before, so nothing was placed now/),
  });
  expect(JSON.parse(again.stdout)).toMatchObject({
    region: 'boston',
    result: 'placed',
    total: '10.00',
    isRepeated: true,
  });

  const listed = JSON.parse((await order('list', '--json')).stdout);
  expect(
    listed.map(({ id, productId, quantity, status }: Record<string, unknown>) => [id, productId, quantity, status]),
  ).toEqual([
    [2, 3, 1, 'confirmed'],
    [1, 1, 3, 'confirmed'],
  ]);
  expect((await order('list', '--limit', '1')).stdout).toContain('The newest 1 are shown; --limit shows more.');
  expect((await order('list', '--status', 'pending')).stdout).toBe('No pending orders in boston.\n');

  const cancelled = await order('cancel', '--order', '1', '--reason', 'changed his mind');
  expect(cancelled).toEqual({
    code: 0,
    stdout: 'Cancelled order 1 in boston: 3 pieces of product 1 are on hand again.\n',
    stderr: '',
  });
  expect(
    JSON.parse(
      readFileSync(join(cwd, 'logs', 'app.log'), 'utf8')
        .trimEnd()
        .split('\n')
        .at(-1) ?? '',
    ),
  ).toMatchObject({
    orderId: 1,
    reason: 'changed his mind',
  });
  const whole = await order('cancel', '--checkout', 'K');
  expect(whole).toMatchObject({
    code: 0,
    stdout:
      'Order 1 in boston is already cancelled: nothing was changed.\n' +
      'Cancelled order 2 in boston: 1 piece of product 3 is on hand again.\n',
  });
  expect(JSON.parse((await run('stock', 'list', '--json')).stdout)).toMatchObject([{ onHand: 10 }, { onHand: 10 }]);
});

test('refused, with every reason', async () => {
  await run('populate', '--quiet');
  await receive(1, 1);
  const short = await order('place', '--user', '1', '--item', '1x5000', '--item', '2x1', '--json');
  expect(short.code).toBe(1);
  expect(short.stderr).toBe(
    'Rejected, and nothing was taken: boston has 1 of product 1 on hand, and 5,000 are wanted; Product 2 is not sold in boston.\n',
  );
  expect(JSON.parse(short.stdout)).toMatchObject({
    result: 'refused',
    reasons: [{ code: 'out-of-stock' }, { code: 'not-sold' }],
  });
  const unknown = await order('place', '--user', '77', '--item', '1x1', '--quiet');
  expect(unknown).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Rejected, and nothing was taken: User 77 does not exist.\n',
  });
});

test('alone, then repaired', async () => {
  await receive(1, 10);
  await receive(98, 10);
  for (const [user, item] of [
    ['1', '1x1'],
    ['99', '1x1'],
    ['1', '98x1'],
  ] as const) {
    const placed = await order('place', '--user', user, '--item', item);
    expect(placed.code).toBe(0);
    expect(placed.stdout).toContain('pending.\nThe user or a product could not be checked.');
  }
  const early = await run('verify', '--repair');
  expect(early.code).toBe(1);
  expect(early.stdout).toMatch(/│ boston +│ +0 │ +0 │ +3 │/);
  await run('populate', '--quiet');
  const repaired = await run('verify', '--repair');
  expect(repaired.code).toBe(0);
  expect(repaired.stdout).toMatch(/│ boston +│ +1 │ +2 │ +0 │/);
  expect(repaired.stderr).toContain('boston: cancelled order 2: User 99 does not exist');
  expect(repaired.stderr).toContain('boston: cancelled order 3: Product 98 does not exist');
  const clean = JSON.parse((await run('verify', '--repair', '--json')).stdout);
  expect(clean.repaired).toMatchObject({ boston: { confirmed: 0, cancelled: 0, pending: 0 } });
});

test('ids are printed as they are typed, quantities with separators', async () => {
  await receive(1011, 5000);
  expect((await order('place', '--user', '2022', '--item', '1011x1234')).stdout).toMatch(/│ +1 │ +1011 │ +1,234 │/);
  expect((await order('list')).stdout).toMatch(/│ +1 │ +2022 │ +1011 │ +1,234 │/);
  expect((await run('stock', 'list')).stdout).toMatch(/│ +1011 │ +3,766 │/);
});

test('a region without a database', async () => {
  expect(await order('list')).toEqual({ code: 0, stdout: 'No orders in boston.\n', stderr: '' });
  expect((await run('verify', '--repair')).stdout).toContain('No region has a database yet');
});

test.each([
  [['place', '--item', '1x1'], /required option '--user <id>' not specified/],
  [['place', '--user', '1'], /required option '--item <product x quantity>' not specified/],
  [['place', '--user', '0', '--item', '1x1'], /whole number from 1/],
  [['place', '--user', '1', '--item', '1'], /1x2 is two of product 1\./],
  [['place', '--user', '1', '--item', '1x1', '--key', ''], /^Error: Key cannot be empty\.$/m],
  [
    ['place', '--user', '1', '--item', '1x1', '--country', 'x'.repeat(101)],
    /^Error: Country can have at most 100 characters\.$/m,
  ],
  [['cancel'], /^Error: Name what to cancel with either --order <id> or --checkout <key>\.$/m],
  [['cancel', '--order', '1', '--checkout', 'K'], /either --order/],
  [['cancel', '--order', '9'], /^Error: There is no order 9 in boston\./m],
  [['cancel', '--checkout', 'K'], /^Error: The key K was not used in boston\./m],
  [['list', '--status', 'lost'], /Allowed choices are confirmed, pending, cancelled/],
  [['list', '--limit', '0'], /whole number from 1/],
])('order %j', async (args, message) => {
  const { code, stdout, stderr } = await order(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
