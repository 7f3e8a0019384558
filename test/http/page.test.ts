/** What the page is served with: its files, the description of the databases, live states, previews of files and migrations. */
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Module } from '../../src/config/module.ts';
import { catalog, central } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { bearer, type serve as Serve, type Served, serve } from '../support/served.ts';

/** The page has to be small enough for a slow line. */
const MAX_COMPRESSED_BYTES = 60_000;

function serveCatalog(options: Parameters<typeof Serve>[2] = {}): Promise<Served> {
  return serve(sqlitePlace(makeFolder()), catalog, options);
}

test('the page is three small files, which a browser keeps and asks for again', async () => {
  const { server, ask } = await serveCatalog({ requiresToken: false });
  let bytes = 0;
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/page.js', 'text/javascript'],
    ['/page.css', 'text/css'],
  ] as const) {
    const plain = await ask('GET', path);
    expect([plain.status, String(plain.headers['content-type']).split(';')[0]]).toEqual([200, type]);
    const headers = { host: 'localhost', 'accept-encoding': 'gzip' };
    const compressed = await server.app.inject({ url: path, headers });
    expect(gunzipSync(compressed.rawPayload).toString()).toBe(plain.body);
    bytes += compressed.rawPayload.length;
    const known = { 'if-none-match': String(plain.headers['etag']) };
    expect((await ask('GET', path, { headers: known })).status).toBe(304);
  }
  expect(bytes).toBeLessThan(MAX_COMPRESSED_BYTES);
});

const FILES = {
  users: 'id,name,email\n1,Alice,alice@example.com\n',
  products: 'id,name,price\n1,Pen,1.50\n',
  orders: 'id,userId,productId,quantity\n1,1,1,2\n',
};

/** With a row in each database, which are made by that. */
async function serveLoaded(): Promise<Served> {
  const served = await serveCatalog();
  for (const [table, body] of Object.entries(FILES)) {
    const headers = { 'content-type': 'text/csv' };
    const { run } = (await served.ask('PUT', `/api/loads?table=${table}`, { headers, body })).body;
    await served.ask('GET', `/api/loads/${run}/events`);
  }
  return served;
}

test('the description says of each property what lists and forms need', async () => {
  const { ask } = await serveLoaded();
  const { body } = await ask('GET', '/api/description');
  const order = {
    name: 'order',
    table: 'orders',
    path: '/api/databases/orders/order',
    sql: 'orders',
    ownRows: null,
    key: ['id'],
  };
  const userId = {
    path: ['userId'],
    column: 'user_id',
    kind: 'whole',
    isInMilliseconds: false,
    isIndexed: true,
    hasPrefixFilter: false,
    ignoresCase: false,
    isRequired: true,
    target: { database: 'users', entity: 'user' },
    isReference: true,
  };
  expect(body).toMatchObject({
    tables: ['users', 'products', 'orders'],
    databases: [
      { database: 'users', state: 'ok', reason: null, entities: [{ name: 'user' }] },
      { database: 'products' },
      { database: 'orders', entities: [order] },
    ],
    operations: expect.arrayContaining(['listRows', 'listLoads', 'watchServer']),
  });
  const { databases } = body as unknown as { databases: { entities: { properties: object[] }[] }[] };
  expect(databases[2]?.entities[0]?.properties).toEqual(
    expect.arrayContaining([
      expect.objectContaining(userId),
      expect.objectContaining({ label: 'unitPrice', kind: 'number', isRequired: false }),
      expect.objectContaining({ label: 'version', isWritable: false }),
    ]),
  );
});

/** The first events of the stream, until there are so many. */
async function events(url: string, count: number): Promise<{ readonly name: string; readonly data: unknown }[]> {
  const stopping = new AbortController();
  const response = await fetch(`${url}/api/events`, { signal: stopping.signal });
  const found: { name: string; data: unknown }[] = [];
  let text = '';
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    text += Buffer.from(part).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const one of parts) {
      const [, name, data] = /event: (.*)\ndata: (.*)/.exec(one) ?? [];
      if (name !== undefined) {
        found.push({ name, data: JSON.parse(data ?? '') });
      }
    }
    if (found.length >= count) {
      break;
    }
  }
  stopping.abort();
  return found;
}

test('live states are published when they change, those of modules too, and faults as faults', async () => {
  let count = 0;
  const counting: Module = {
    async routes(server) {
      server.watch({ name: 'counted', read: async () => ({ count: Math.min(++count, 2) }) });
      server.watch({ name: 'broken', read: () => Promise.reject(new Error('The meter is broken.')) });
      return [];
    },
  };
  const { server } = await serveCatalog({ modules: [counting] });
  const url = await server.listen(0);
  const first = await events(url, 6);
  const of = (name: string) => first.filter((one) => one.name === name).map(({ data }) => data);
  expect(of('counted')).toEqual([{ count: 1 }, { count: 2 }]);
  expect(of('broken')).toEqual([{ error: 'The meter is broken.' }]);
  expect(of('databases')).toEqual([
    ['users', 'products', 'orders'].map((database) => ({ database, state: 'missing', reason: expect.any(String) })),
  ]);
  expect(of('loads')).toEqual([{ loads: [], unreadable: [] }]);
  expect(of('services')).toHaveLength(1);
  // who comes later has the newest of each at once
  expect((await events(url, 5)).find(({ name }) => name === 'counted')?.data).toEqual({ count: 2 });
});

test('a preview says how a file would be read, and loads nothing', async () => {
  const { ask, token } = await serveLoaded();
  const body = 'id;name;email\n7;Nina;nina@example.com\n';
  const headers = { 'content-type': 'application/octet-stream' };
  const path = '/api/loads/preview?table=users&name=users.csv';
  expect(await ask('POST', path, { headers, body })).toMatchObject({
    status: 200,
    body: {
      format: 'csv',
      columns: ['id', 'name', 'email'],
      detected: [{ setting: 'delimiter', value: expect.stringContaining(';') }],
      records: [{ id: '7', name: 'Nina', email: 'nina@example.com' }],
      problem: null,
    },
  });
  expect(await ask('GET', '/api/databases/users/user')).toMatchObject({ body: { rows: [{ id: 1 }] } });
  expect((await ask('POST', '/api/loads/preview', { headers, body })).status).toBe(400);
  const reader = { ...headers, ...bearer(await token('read')) };
  expect((await ask('POST', path, { headers: reader, body })).status).toBe(403);
});

test('migrations of databases that no file is loaded into are listed as well', async () => {
  const place = sqlitePlace(makeFolder());
  const declared = (name: string) => ({ ...central, ...place.options(name), name });
  const groups = [
    { help: 'central', isPopulated: false, list: () => [declared('central')] },
    { help: 'loaded', isPopulated: true, list: () => [declared('loaded')] },
  ];
  const { ask } = await serve(place, catalog, { modules: [{ databases: groups }] });
  const { body } = await ask('GET', '/api/migrations');
  expect(body).toMatchObject({ databases: [{}, {}, {}, { database: 'central', state: 'missing' }] });
  const preview = (await ask('POST', '/api/migrations/central/preview')).body;
  expect(JSON.stringify(preview)).toContain('inbox_event');
  expect((await ask('POST', '/api/migrations/loaded/preview')).status).toBe(404);
});

test('migrations are listed, and the SQL of pending ones is shown', async () => {
  const { ask } = await serveLoaded();
  const { body } = await ask('GET', '/api/migrations');
  expect(body).toMatchObject({
    databases: [{ database: 'users', state: 'known', pending: [], drift: false }, {}, {}],
  });
  expect(await ask('POST', '/api/migrations/users/preview')).toMatchObject({ status: 200, body: { pending: [] } });
  const before = await (await serveCatalog()).ask('GET', '/api/migrations');
  expect(before.body).toMatchObject({ databases: [{ database: 'users', state: 'missing' }, {}, {}] });
  expect((await ask('POST', '/api/migrations/nothing/preview')).status).toBe(404);
});
