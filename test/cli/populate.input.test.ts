/** `meridian populate` with the user's own records: standard input, gzip, other column names, corrected rejects. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { meridian } from '../support/command.ts';
import { rowsOf } from '../support/databases.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { usersCsv } from '../support/generated.ts';

const ESCAPE = '\u001b';

test('standard input, a gzip file and --map in one run', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv.gz', gzipSync(usersCsv(3)));
  writeIn(cwd, 'orders.csv', 'Nr,CustomerID,Article,Quantity\n1,3,1,2\n2,4,1,2\n');
  const { code, stdout } = await meridian(
    [
      ...['populate', '--json', '--users', 'users.csv.gz', '--products', '-', '--format', 'products=json'],
      ...['--orders', 'orders.csv', '--map', 'orders.userId=CustomerID', '--map', 'orders.id=Nr'],
      ...['--map', 'orders.productId=Article'],
    ],
    { cwd, input: '[{"id": 1, "sku": "L", "name": "Lamp", "price": "19.90"}]' },
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    users: { read: 3, inserted: 3 },
    products: { read: 1, inserted: 1 },
    orders: { read: 2, inserted: 1, rejected: 1, reasons: [{ code: 'reference', message: 'User 4 does not exist' }] },
  });
  expect(rowsOf(join(cwd, 'databases'), 'products')).toEqual([{ id: 1, sku: 'L', name: 'Lamp', price_cents: 1990 }]);
  expect(rowsOf(join(cwd, 'databases'), 'orders')).toMatchObject([{ id: 1, user_id: 3, product_id: 1, quantity: 2 }]);
});

test('a rejects file is an input once a line of it is corrected', async () => {
  const cwd = makeFolder();
  await meridian(['populate', '--quiet'], { cwd });
  const rejects = join(cwd, 'rejects', 'users.ndjson');
  const [alice = '', jane = ''] = readFileSync(rejects, 'utf8').trimEnd().split('\n');
  expect(JSON.parse(jane)).toMatchObject({ number: 10, line: 11, record: { id: '10', name: '' } });
  writeIn(cwd, 'rejects/users.ndjson', `${alice}\n${jane.replace('"name":""', '"name":"Jane"')}\n`);

  const { code, stdout } = await meridian(['populate', '--json', '--users', 'rejects/users.ndjson'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ users: { read: 2, inserted: 1, rejected: 1 } });
  expect(rowsOf(join(cwd, 'databases'), 'users')).toContainEqual({ id: 10, name: 'Jane', email: 'jane@example.com' });
  const left = readFileSync(rejects, 'utf8').trimEnd().split('\n');
  expect(left.map((line) => (JSON.parse(line) as { record: unknown }).record)).toEqual([
    { id: '8', name: 'Alice', email: 'alice@example.com' },
  ]);
});

test('a file of which nothing was loaded has nothing that the next run finds unchanged', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', 'id,name,email\n1,"Ada,ada@example.org\n');
  const { code, stderr } = await meridian(['populate', '--users', 'users.csv', '--strict-format'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('users: nothing was loaded. Fix the cause and run the same command again.\n');
});

test.each([
  ['orders.csv', Buffer.from('504b0304140000000800', 'hex'), 'orders.csv is a ZIP archive that cannot be read'],
  ['orders.csv', Buffer.from('id,user_id\n1,1\n', 'utf16le'), 'orders.csv: no column for productId, quantity.'],
  [
    'orders.json',
    '{"a": [{"id": 1}], "b": [{"id": 2}]}',
    'orders.json is a JSON document with several lists of objects: "a" (line 1), "b" (line 1).',
  ],
  ['orders.json', '{"id": 1}', 'orders.json, line 1: the file holds one JSON object, and no array of records in it'],
  ['orders.ndjson', '{\n"id": 1}', 'orders.ndjson, line 1: a JSON object of several lines begins here'],
])('%s of another kind ends the run before anything is loaded: %j', async (name, content, sentence) => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', usersCsv(3));
  writeIn(cwd, name, content);
  const { code, stdout, stderr } = await meridian(['populate', '--users', 'users.csv', '--orders', name], { cwd });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(sentence);
  expect(existsSync(join(cwd, 'databases', 'users.db')) ? rowsOf(join(cwd, 'databases'), 'users') : []).toEqual([]);
});

test('control characters of records reach the database and never the terminal', async () => {
  const cwd = makeFolder();
  const name = `${ESCAPE}[31mRed${ESCAPE}[0m\u0007\u009b2J`;
  const records = [
    { id: 1, name, email: 'red@example.com' },
    { id: `${ESCAPE}[2J`, name: 'B', email: 'b@example.com' },
    { id: 3, name: 'C', email: 'c@example.com', [`${ESCAPE}[5mnickname`]: 'x' },
  ];
  writeIn(cwd, 'users.ndjson', records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const { code, stdout, stderr } = await meridian(['populate', '--users', 'users.ndjson'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('Red');
  expect(stderr).toContain('nickname');
  expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(rowsOf(join(cwd, 'databases'), 'users')).toContainEqual({ id: 1, name, email: 'red@example.com' });
});

test('control characters of a header do not reach the terminal in an error', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', `id,name,${ESCAPE}[31mmail\n1,A,a@example.com\n`);
  const { code, stderr } = await meridian(['populate', '--users', 'users.csv'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('no column for email');
  expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
