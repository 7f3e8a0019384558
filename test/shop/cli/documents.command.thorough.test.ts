/** `meridian documents` and `order place --details`: what they say and how they exit. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { type Workspace, workspace } from '../../support/workspace.ts';

// each starts many processes
let here: Workspace;
const run = (...args: string[]) => here.run(args);
const place = (key: string, ...args: string[]) =>
  run('order', 'place', '--region', 'boston', '--user', '1', '--item', '1x2', '--key', key, ...args);
const find = async (...args: string[]) =>
  (JSON.parse((await run('documents', 'find', '--json', ...args)).stdout) as { id: string }[]).map(({ id }) => id);

beforeEach(async () => {
  here = workspace();
  await run('stock', 'receive', '--region', 'boston', '--product', '1', '--quantity', '50', '--price', '2.50');
});

test('an order has a document, which is found by what is in it once it has arrived', async () => {
  expect((await run('documents', 'find')).stderr).toBe(
    'Error: There is no document store yet. It comes with npx meridian sync; or say where it is with DOCUMENTS_DATABASE_URL.\n',
  );
  const empty = await run('documents', 'status');
  expect(empty).toMatchObject({ code: 0, stderr: '' });
  expect(empty.stdout).toContain(
    'There is no store yet: the next sync that has something to copy creates databases/documents.db.',
  );
  expect(existsSync(join(here.cwd, 'databases', 'documents.db'))).toBe(false);

  expect(await place('A', '--details', '{"gift":{"wrap":true},"tags":["x","y"]}')).toMatchObject({ code: 0 });
  expect(await place('B', '--country', 'France')).toMatchObject({ code: 0 });
  const synced = await run('sync');
  expect(synced).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/\nDocuments: 2 documents copied to the document store\.\n$/),
  });
  expect(await find()).toEqual(['B', 'A']);
  expect(await find('--where', 'details.gift.wrap=true')).toEqual(['A']);
  expect(await find('--where', '!details.gift', '--where', 'country=France')).toEqual(['B']);
  expect(await find('--region', 'denver')).toEqual([]);
  expect(await find('--product', '1', '--user', '1', '--limit', '1', '--from', '2020-01-01')).toEqual(['B']);
  expect(await find('--to', '2020-01-01')).toEqual([]);
  const table = await run('documents', 'find', '--where', 'details.tags=x');
  expect(table).toMatchObject({ code: 0, stderr: '' });
  expect(table.stdout).toMatch(
    /│ boston │ +1 │ A +│ +5\.00 │ 2 of product 1 │ \{"gift":\{"wrap":true\},"tags":\["x","y"\]\} │/,
  );
  expect((await run('documents', 'find', '--where', 'details.tags=z')).stdout).toBe(
    'No documents meet the conditions.\n',
  );
  expect((await run('documents', 'find', '--limit', '1')).stdout).toContain(
    'The newest 1 are shown; --limit shows more.',
  );

  const nowhere = await run('documents', 'find', '--region', 'nowhere');
  expect(nowhere).toMatchObject({ code: 2, stdout: '' });
  expect(nowhere.stderr).toMatch(/^Error: There is no region "nowhere"\. There are boston, seattle, denver\./);

  await place('C');
  await here.run(['sync'], { env: { DOCUMENTS_DATABASE_URL: 'sqlite:databases' } });
  const behind = await run('documents', 'find', '--json');
  expect(JSON.parse(behind.stdout)).toHaveLength(2);
  expect(behind.stderr).toMatch(/^The document store is 1 document behind\. npx meridian sync copies what waits\.$/m);
  const status = await run('documents', 'status', '--json');
  expect(JSON.parse(status.stdout)).toEqual({
    store: { place: 'databases/documents.db', isThere: true, documents: 2, componentLists: 0, error: null },
    waiting: { documents: 1, refused: 0, componentLists: 0, unknown: [] },
    refused: [],
  });
});

test('documents of a region that is not configured here are found all the same', async () => {
  await place('A');
  await run('sync');
  const env = { REGIONS: 'denver' };
  const remove = (database: string) => {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(join(here.cwd, 'databases', `${database}.db${end}`), { force: true });
    }
  };
  const ofBoston = async (...args: string[]) =>
    (await here.run(['documents', 'find', '--region', 'boston', ...args], { env })).stdout;
  // central knows it, and in the end only the store
  for (const gone of ['orders.boston', 'central']) {
    remove(gone);
    expect(await ofBoston()).toContain('│ boston │');
    expect(await ofBoston('--where', 'country=Peru')).toBe('No documents meet the conditions.\n');
  }
});

test('a store that is down stops neither orders nor events to central, and sync reports it', async () => {
  const env = { DOCUMENTS_DATABASE_URL: 'mongodb://ann:s3cret@127.0.0.1:1/shop' };
  expect(
    await here.run(['order', 'place', '--region', 'boston', '--user', '1', '--item', '1x1'], { env }),
  ).toMatchObject({
    code: 0,
  });
  const synced = await here.run(['sync'], { env });
  expect(synced.code).toBe(1);
  expect(synced.stdout).toMatch(/│ boston │ +4 │ .* │ up to date │/);
  expect(synced.stderr).toMatch(
    /Documents: the document store cannot be updated at the moment\. The next sync copies what waits\. documents: no MongoDB server answers at 127\.0\.0\.1:1 \(/,
  );
  const status = await here.run(['documents', 'status'], { env });
  expect(status.code).toBe(1);
  expect(status.stdout).toMatch(/│ order documents │ \? +│ +1 │/);
  expect(status.stdout).toContain('The store, MongoDB database shop at 127.0.0.1:1, cannot be reached.');
  expect(synced.stderr + status.stderr + status.stdout).not.toContain('s3cret');
  expect(await run('sync')).toMatchObject({ code: 0 });
  expect(await find()).toHaveLength(1);
});

test('a store whose table is gone takes nothing, nothing is taken for a bad document, and it goes on when it is back', async () => {
  await place('A');
  await run('sync');
  await here.place.execute('documents', 'alter table order_documents rename to elsewhere');
  await place('B');
  const broken = await run('sync');
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(
    /documents: databases\/documents\.db does not run a statement \(no such table: order_documents\)\. If its tables/,
  );
  await here.place.execute('documents', 'alter table elsewhere rename to order_documents');
  expect(await run('documents', 'status')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Not taken') });
  expect(await run('sync')).toMatchObject({ code: 0 });
  expect(await find()).toEqual(['B', 'A']);
});

test('a document that the store does not take is named, holds up no other, and makes sync fail', async () => {
  await place('A');
  await run('sync', '--quiet');
  await here.place.execute(
    'documents',
    "create trigger refusal before insert on order_documents when new.order_id = 2 begin select raise(abort, 'no'); end",
  );
  await place('B');
  await place('C');
  const synced = await run('sync');
  expect(synced.code).toBe(1);
  expect(synced.stderr).toMatch(
    /^Documents: the document of order 2 of boston is rejected: documents: the database refused: no\.$/m,
  );
  expect(synced.stderr).toContain('Documents: the document store rejects 1 document. npx meridian documents status');
  expect(await find()).toEqual(['C', 'A']);
});

test('a store that was lost is filled again', async () => {
  await place('A', '--details', '{"a":1}');
  await run('sync');
  for (const end of ['', '-wal', '-shm']) {
    rmSync(join(here.cwd, 'databases', `documents.db${end}`), { force: true });
  }
  const rebuilt = await run('documents', 'rebuild');
  expect(rebuilt).toMatchObject({ code: 0 });
  expect(rebuilt.stderr).toContain('all documents are copied to databases/documents.db again.');
  expect(await find('--where', 'details.a=1')).toEqual(['A']);
});

test('the same key with other details is for something else', async () => {
  await place('A', '--details', '{"a":1,"b":2}');
  expect(await place('A', '--details', '{"b":2,"a":1}')).toMatchObject({ code: 0, stderr: '' });
  const other = await place('A', '--details', '{"a":2}');
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(
    /the key A was used on .* for something else: order of user 1: 2 of product 1 with details \{"a":1,"b":2\}\. Take another key for order of user 1: 2 of product 1 with details \{"a":2\}\./,
  );
  const refused = await place('B', '--details', JSON.stringify({ 'a.b': 'x'.repeat(10_000) }));
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^Error: The details are not valid: the name "a\.b" cannot be used; [^x]+$/);
  const long = await place('A', '--details', JSON.stringify({ text: 'x'.repeat(5000) }));
  expect(long.stderr).toMatch(/with details of 5011 characters \(SHA-256 [0-9a-f]{64}\)\.$/m);
});

test.each([
  [
    ['order', 'place', '--region', 'boston', '--user', '1', '--item', '1x1', '--details', '[1]'],
    /The details are not valid: they have to be one JSON object/,
  ],
  [
    ['order', 'place', '--region', 'boston', '--user', '1', '--item', '1x1', '--details', '{a:1}'],
    /The details are not valid: they are not JSON/,
  ],
  [['documents', 'find', '--where', 'colour=red'], /--where "colour=red" begins with "colour", which no document has/],
  [['documents', 'find', '--where'], /argument missing/],
  [['documents', 'find', '--limit', '0'], /It has to be a whole number from 1/],
  [['documents', 'find', '--limit', '100001'], /--limit can be at most 100000/],
  [['documents', 'find', '--region', 'New York'], /There is no region "New York"\. The name of a region has/],
  [['documents', 'find', '--user', 'Ann'], /It has to be a whole number from 1/],
  [['documents', 'find', '--from', 'yesterday'], /--from takes a date such as/],
  [
    ['documents', 'find', ...Array.from({ length: 21 }, () => ['--where', 'country=a']).flat()],
    /--where can be given at most 20 times/,
  ],
])('%p is wrong usage', async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
