/** `meridian stock`: what it says and how it exits. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { meridian } from '../../support/command.ts';
import { makeFolder } from '../../support/folder.ts';

// each starts many processes
test('receive and list', async () => {
  const cwd = makeFolder();
  const stock = (...args: string[]) => meridian(['stock', ...args], { cwd });
  const empty = await stock('list');
  expect(empty).toEqual({ code: 0, stdout: 'No stock yet: add some with npx meridian stock receive.\n', stderr: '' });
  expect(existsSync(join(cwd, 'databases'))).toBe(false);

  const first = await stock(
    'receive',
    '--region',
    'boston',
    '--product',
    '1',
    '--quantity',
    '1000',
    '--price',
    '9.9',
    '--key',
    'K',
  );
  expect(first).toMatchObject({
    code: 0,
    stdout: 'Received 1,000 pieces of product 1 in boston: 1,000 pieces on hand at 9.90.\n',
    stderr: expect.stringMatching(/^orders\.boston: applied Migration\d+, .*\n$/),
  });
  const again = await stock(
    'receive',
    '--region',
    'boston',
    '--product',
    '1',
    '--quantity',
    '1000',
    '--price',
    '9.90',
    '--key',
    'K',
    '--json',
  );
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toEqual({
    region: 'boston',
    productId: 1,
    name: null,
    unitPrice: '9.90',
    onHand: 1000,
    version: 1,
    key: 'K',
    received: 1000,
    isRepeated: true,
  });
  expect(again.stderr).toMatch(/^The key K was used before, so nothing was received now/);

  const listed = await stock('list', '--json');
  expect(JSON.parse(listed.stdout)).toEqual([
    { region: 'boston', productId: 1, name: null, unitPrice: '9.90', onHand: 1000, version: 1 },
  ]);
  expect((await stock('list', '--region', 'boston')).stdout).toMatch(/│ boston │ +1 │ +1,000 │ +9\.90 │ +│/);
  expect((await stock('list', '--region', 'seattle', '--quiet')).stdout).toBe('');
});

const GOOD = { region: 'boston', product: '1', quantity: '1', price: '1' };

test.each([
  [{ region: 'Boston' }, /^Error: There is no region "Boston"\. Write boston\.$/m],
  [{ region: 'bostn' }, /There are boston, seattle, denver/],
  [{ product: 'x' }, /argument 'x' is invalid\. It has to be a whole number from 1 to 9007199254740991\./],
  [{ product: '9007199254740992' }, /whole number from 1/],
  [{ quantity: '0' }, /whole number from 1/],
  [{ quantity: '-5' }, /It has to be a whole number from 1 to 1,000,000,000\./],
  [{ quantity: '1e3' }, /whole number from 1/],
  [{ quantity: '2000000000' }, /It has to be a whole number from 1 to 1,000,000,000\./],
  [{ price: '1,50' }, /Unit price must be a decimal number with at most two decimals/],
  [{ price: '-1' }, /Unit price cannot be negative/],
])('receive %j', async (wrong, message) => {
  const cwd = makeFolder();
  const args = Object.entries({ ...GOOD, ...wrong }).map(([name, value]) => `--${name}=${value}`);
  const { code, stdout, stderr } = await meridian(['stock', 'receive', ...args], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test('a new product without a known price', async () => {
  const cwd = makeFolder();
  const args = ['stock', 'receive', '--region', 'boston', '--product', '1', '--quantity', '1', '--json'];
  const { code, stdout, stderr } = await meridian(args, { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('Give it with --price.');
  expect(JSON.parse(stdout)).toMatchObject({ code: 'usage' });
});
