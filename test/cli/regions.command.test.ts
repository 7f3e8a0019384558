/** `meridian regions add`: a region that is new, one that is there, names that none can have; and no regions at all. */
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

test('an empty REGIONS switches regions off for every command, and none is made', async () => {
  const { run } = workspace();
  expect((await run(['regions', 'add', 'oslo'])).code).toBe(0);
  const env = { REGIONS: '' };
  const off = 'REGIONS is empty, which switches regions off. Name them there, or unset it for boston,seattle,denver.\n';
  expect(await run(['regions'], { env })).toEqual({ code: 0, stdout: off, stderr: '' });
  expect(await run(['regions', 'add', 'lima'], { env })).toMatchObject({ code: 2, stderr: `Error: ${off}` });
  expect(await run(['resend'], { env })).toMatchObject({ code: 2, stderr: `Error: ${off}` });
  const status = await run(['migrate:status', '--json'], { env });
  expect(Object.keys(JSON.parse(status.stdout))).toEqual(['users', 'products', 'orders', 'central', 'documents']);
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
