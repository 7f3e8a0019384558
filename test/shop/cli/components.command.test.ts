/** `meridian components`: what the commands say and how they exit. */
import { beforeEach, expect, test } from '@jest/globals';
import { writeIn } from '../../support/folder.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

// each starts many processes
let here: Workspace;
const components = (command: string, product: number | string, ...args: string[]) =>
  here.run(['components', command, '--product', String(product), ...args]);

beforeEach(() => {
  here = workspace();
});

test('set, tree and where-used', async () => {
  const none = await components('set', 5, '--component', '1x1');
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no products database yet.') });
  await here.run(['populate', '--quiet']);
  expect(await components('set', 5, '--component', '3x2', '--component', '1x4')).toMatchObject({
    code: 0,
    stdout: 'Product 5 is made of 4 of product 1, 2 of product 3.\n',
  });
  expect((await components('set', 5, '--component', '1x4', '--component', '3x2')).stdout).toBe(
    'Product 5 is already made of 4 of product 1, 2 of product 3: nothing was changed.\n',
  );
  expect(JSON.parse((await components('set', 6, '--component', '5x2', '--component', '1x1', '--json')).stdout)).toEqual(
    {
      productId: 6,
      version: 1,
      components: [
        { productId: 1, quantity: 1 },
        { productId: 5, quantity: 2 },
      ],
      isChanged: true,
      isInStore: true,
    },
  );
  const tree = await components('tree', 6, '--quantity', '3');
  expect(tree).toMatchObject({ code: 0, stderr: '' });
  expect(tree.stdout).toMatch(
    /^3 of product 6, Mouse\n {2}3 of product 1, Laptop \(1 each\)\n {2}6 of product 5, Keyboard \(2 each\)\n {4}24 of product 1, Laptop \(4 each\)\n {4}12 of product 3, Headphones \(2 each\)\nTotal of each part:\n/,
  );
  expect(tree.stdout).toMatch(/│ +1 │ +27 │ Laptop +│\n│ +3 │ +12 │ Headphones │/);
  const json = JSON.parse(
    (await components('tree', 6, '--quantity', String(Number.MAX_SAFE_INTEGER), '--json')).stdout,
  );
  expect(json).toMatchObject({
    productId: 6,
    name: 'Mouse',
    parts: [
      { productId: 1, name: 'Laptop', quantity: String(9n * BigInt(Number.MAX_SAFE_INTEGER)) },
      { productId: 3, name: 'Headphones', quantity: String(4n * BigInt(Number.MAX_SAFE_INTEGER)) },
    ],
  });
  expect(json.products).toHaveLength(4);
  expect((await components('where-used', 3)).stdout).toMatch(/│ +5 │ +2 │ +2 │ Keyboard │\n│ +6 │ +│ +4 │ Mouse +│/);
  expect(JSON.parse((await components('where-used', 3, '--json')).stdout)).toEqual([
    { productId: 5, name: 'Keyboard', directly: 2, inAll: 2 },
    { productId: 6, name: 'Mouse', directly: null, inAll: 4 },
  ]);
  expect((await components('where-used', 6)).stdout).toBe('Product 6 is not a component of any known product.\n');
  expect((await components('tree', 4)).stdout).toBe('Product 4 has no known components.\n');

  const circle = await components('set', 1, '--component', '6x1');
  expect(circle).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'Error: Product 1 cannot be made of this, for it would be a part of itself: 1 -> 6 -> 1.\n',
  });
  expect((await components('set', 6, '--component', '4x1000000000')).stdout).toBe(
    'Product 6 is made of 1,000,000,000 of product 4.\n',
  );
  expect((await components('set', 6, '--none')).stdout).toBe('Product 6 is made of nothing.\n');
});

test('while the store is down, what is set waits, and what is read is said to be behind', async () => {
  await here.run(['populate', '--quiet']);
  await components('set', 5, '--component', '1x4');
  const env = { DOCUMENTS_DATABASE_URL: 'mongodb://127.0.0.1:1/shop' };
  const set = await here.run(['components', 'set', '--product', '6', '--component', '5x1', '--json'], { env });
  expect(set.code).toBe(0);
  expect(set.stderr).toMatch(/The next sync copies it to the document store: documents: no MongoDB server answers/);
  expect(JSON.parse(set.stdout)).toMatchObject({ isChanged: true, isInStore: false });
  const used = await components('where-used', 5);
  expect(used.stdout).toBe('Product 5 is not a component of any known product.\n');
  expect(used.stderr).toBe('The document store is 1 component list behind. npx meridian sync copies what waits.\n');
  await here.run(['sync']);
  expect((await components('where-used', 5)).stdout).toMatch(/│ +6 │ +1 │ +1 │ Mouse │/);
});

test('without the products database, parts are shown without names', async () => {
  await here.run(['populate', '--quiet']);
  await components('set', 5, '--component', '1x4');
  const text = {
    env: { PRODUCTS_DATABASE_URL: `sqlite:${writeIn(here.cwd, 'text.db', 'this is text, and no database at all')}` },
  };
  const tree = (args: readonly string[] = []) => here.run(['components', 'tree', '--product', '5', ...args], text);
  expect(await tree()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^1 of product 5\n {2}4 of product 1 \(4 each\)\n/),
    stderr: expect.stringMatching(/The names of products are left out: .*text\.db/),
  });
  expect(JSON.parse((await tree(['--json'])).stdout)).toMatchObject({
    name: null,
    parts: [{ productId: 1, name: null, quantity: 4 }],
  });
});

test.each([
  [['set', '5'], /Name the components with --component, once for each, or give --none to remove all\./],
  [['set', '5', '--none', '--component', '1x1'], /Name the components with --component/],
  [['set', '5', '--component', '1'], /Write the id of a product, x, and how many of it/],
  [['set', '5', '--component', '1x0'], /Write the id of a product, x, and how many of it/],
  [['set', '0', '--none'], /It has to be a whole number from 1/],
  [['tree', '5', '--quantity', '1.5'], /It has to be a whole number from 1/],
  [['where-used', 'wheel'], /It has to be a whole number from 1/],
])('%p is wrong usage', async ([command = '', product = '', ...args], message) => {
  const { code, stdout, stderr } = await components(command, product, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
