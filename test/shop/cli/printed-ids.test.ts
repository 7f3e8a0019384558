/** An id that a command prints is accepted by the commands that take one. */
import { expect, test } from '@jest/globals';
import { workspace } from '../../support/workspace.ts';

/** The cells of the first row of a table. */
function firstRow(stdout: string): string[] {
  const [, , , row = ''] = stdout.split('\n');
  return row
    .split('│')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test('products, orders and checkouts', async () => {
  const { run } = workspace();
  const region = ['--region', 'boston'];
  const receive = ['--product', '1234567', '--quantity', '5000', '--price', '1250.5'];
  expect((await run(['stock', 'receive', ...region, ...receive])).stdout).toBe(
    'Received 5,000 pieces of product 1234567 in boston: 5,000 pieces on hand at 1,250.50.\n',
  );
  const [, product, onHand, price] = firstRow((await run(['stock', 'list'])).stdout);
  expect([product, onHand, price]).toEqual(['1234567', '5,000', '1,250.50']);

  const place = ['order', 'place', ...region, '--user', '7654321', '--item', `${product}x2`];
  const placed = (await run(place)).stdout;
  expect(placed).toMatch(/│ +1 │ +1234567 │ +2 │ +1,250\.50 │\n/);
  expect(placed).toContain(': 2,501.00 in all, pending.');
  const key = /with the key (\S+): /.exec(placed)?.[1];
  const listed = (await run(['order', 'list', ...region])).stdout;
  const [order, user, , , , , , , checkout] = firstRow(listed);
  expect([user, checkout]).toEqual(['7654321', key]);
  expect((await run(['order', 'cancel', ...region, '--order', order ?? ''])).code).toBe(0);
  expect((await run(['order', 'cancel', ...region, '--checkout', checkout ?? ''])).code).toBe(0);
});
