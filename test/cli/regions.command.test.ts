/** `meridian regions add`: a region that is new, one that is there, and names that none can have. */
import { expect, test } from '@jest/globals';
import { workspace } from '../support/workspace.ts';

test('says whether it has made the region or found it', async () => {
  const { run } = workspace();
  const add = ['regions', 'add', 'new-york'];
  expect((await run(add)).stdout).toBe('new-york has been made, in databases/orders.new-york.db.\n');
  expect((await run(add)).stdout).toBe('new-york was there already: 0 orders, in databases/orders.new-york.db.\n');
  const { stdout } = await run([...add, '--json']);
  expect(JSON.parse(stdout)).toEqual({
    region: 'new-york',
    orders: 0,
    products: 0,
    isNew: false,
    isBackfilled: false,
  });
});

test.each([
  ['New York', 'new-york'],
  ['Boston', 'boston'],
  ['???', 'new-york'],
])('%p cannot be a name; %s could', async (name, example) => {
  const { run } = workspace();
  expect(await run(['regions', 'add', name])).toEqual({
    code: 2,
    stdout: '',
    stderr: `Error: A region cannot be called "${name}". The name of a region has up to 40 lower case letters, digits and single hyphens, such as ${example}.\n`,
  });
});
