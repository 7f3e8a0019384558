/** `populate --sample` says what a load would do, from the beginning of each file; the summary names the file with the most rejects. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Workspace, workspace } from '../support/workspace.ts';

function placeWith(files: Readonly<Record<string, readonly string[]>>): Workspace {
  const place = workspace();
  for (const [name, lines] of Object.entries(files)) {
    writeFileSync(join(place.cwd, name), `${lines.join('\n')}\n`);
  }
  return place;
}

const users = (...ids: number[]) => ['id,name,email', ...ids.map((id) => `${id},User ${id},user${id}@example.org`)];
const orders = (...rows: string[]) => ['id,userId,productId,quantity', ...rows];
const PRODUCTS = ['id,sku,name,price', '1,S1,One,1.00'];

test('only the first records are read, nothing is written, and keys beyond the sample are not called dangling', async () => {
  const place = placeWith({
    'users.csv': users(1, 2, 3, 4, 5),
    'products.csv': PRODUCTS,
    'orders.csv': orders('1,1,1,1', '2,4,1,1', '3,1,9,1', '4,0,0,0'),
  });
  const args = ['populate', '--users', 'users.csv', '--products', 'products.csv', '--orders', 'orders.csv'];
  const { code, stdout } = await place.run([...args, '--sample', '3', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    sample: 3,
    dryRun: true,
    users: { read: 3, inserted: 3, isCut: true },
    products: { read: 1, inserted: 1 },
    // product 9 is in no record of a file that was read whole
    orders: { read: 3, inserted: 2, rejected: 1, isCut: true, unchecked: { users: 1 } },
  });
  expect(readdirSync(join(place.cwd, 'databases'))).toEqual([]);
  const text = (await place.run([...args, '--sample', '3'])).stdout;
  expect(text).toContain('orders: 1 key of users is not checked: the record may be beyond the sample.');
  expect(text).toContain('This was a dry run of the first 3 records of each file: nothing was written.');
  const whole = (await place.run([...args, '--sample', '9'])).stdout;
  expect(whole).toContain('This was a dry run of all records, for no file has more: nothing was written.');
});

test('of several files, the first records of each are read', async () => {
  const place = placeWith({ 'a.csv': users(1, 2, 3), 'b.csv': users(4), 'c.csv': users(5, 6, 7) });
  const { stdout } = await place.run(['populate', '--users', '*.csv', '--sample', '2', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ users: { read: 5, inserted: 5, isCut: true } });
});

test('of several files, the one with the most rejects is named', async () => {
  const place = placeWith({ 'a.csv': users(1, 1, 2), 'b.csv': users(3, 3, 3), 'c.csv': users(4) });
  const args = ['populate', '--users', '*.csv'];
  expect(JSON.parse((await place.run([...args, '--dry-run', '--json'])).stdout)).toMatchObject({
    users: { rejected: 3, mostRejects: { file: 'b.csv', rejected: 2 } },
  });
  const { stdout } = await place.run(args);
  expect(stdout).toContain('users: b.csv has the most rejected records, 2.');
  const again = JSON.parse((await place.run(['populate', '--users', 'c.csv', '--json'])).stdout) as object;
  expect(JSON.stringify(again)).not.toContain('mostRejects');
});

test.each([
  [['--users', 'a.csv', '--sample', '0'], 'It has to be a whole number from 1'],
  [
    ['--generate', '5', '--sample', '3'],
    '--sample is for files, and --generate says itself how many records there are.',
  ],
])('populate %j is refused', async (args, message) => {
  const { code, stderr } = await placeWith({ 'a.csv': users(1) }).run(['populate', ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});
