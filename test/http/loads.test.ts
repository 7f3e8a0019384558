/** Loads over HTTP: uploads, their events, what was rejected and corrected, and what is refused. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { catalog } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { type Asked, type Served, serve } from '../support/served.ts';
import { useOwnTemporaryFolder } from '../support/temporary.ts';

useOwnTemporaryFolder();

const CSV = { 'content-type': 'text/csv' };
const USERS = 'id,name,email\n1,Alice,alice@example.com\n2,Bob,bob@example.com\n';

/** Of an upload that begins, when it has ended. */
async function load(served: Served, query: string, asked: Asked): Promise<string> {
  const { status, body, headers } = await served.ask('PUT', `/api/loads?${query}`, asked);
  expect([status, body.detail]).toEqual([202, undefined]);
  expect(headers['location']).toBe(`/api/loads/${body.run}`);
  await served.ask('GET', `/api/loads/${body.run}/events`);
  return body.run;
}

function serveShop(): Promise<Served> {
  return serve(sqlitePlace(makeFolder()), catalog);
}

function form(parts: Readonly<Record<string, readonly [name: string, text: string]>>): Asked {
  const each = Object.entries(parts).map(
    ([table, [name, text]]) =>
      `--cut\r\ncontent-disposition: form-data; name="${table}"; filename="${name}"\r\n\r\n${text}\r\n`,
  );
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=cut' },
    body: `${each.join('')}--cut--\r\n`,
  };
}

function uploadFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^meridian-(?:upload|retry)-/.test(name));
}

test('an upload is loaded, with its run, its events and nothing left behind', async () => {
  const served = await serveShop();
  const before = uploadFolders();
  const run = await load(served, 'table=users&name=users.csv', { headers: CSV, body: USERS });
  expect(uploadFolders()).toEqual(before);
  expect(await served.ask('GET', '/api/databases/users/user')).toMatchObject({
    body: { rows: [{ id: 1 }, { id: 2 }] },
  });
  const state = { source: 'users.csv', state: 'finished', read: 2, inserted: 2, rejected: 0, failure: null };
  expect(await served.ask('GET', `/api/loads/${run}`)).toMatchObject({
    status: 200,
    body: {
      run,
      isRunning: false,
      tables: { users: state },
      report: { dryRun: false, tables: { users: { read: 2 } } },
    },
  });
  expect(await served.ask('GET', '/api/loads')).toMatchObject({ body: { loads: [{ run }], unreadable: [] } });
  const events = String((await served.ask('GET', `/api/loads/${run}/events`)).body);
  const ids = [...events.matchAll(/^id: (\S+)$/gm)].map(([, id = '']) => id);
  const numbers = ids.map((id) => Number(id.split('-')[1]));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect([...events.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual(
    expect.arrayContaining(['begun', 'loaded', 'ended']),
  );
  const last = ids.at(-2);
  const rest = await served.ask('GET', `/api/loads/${run}/events`, { headers: { 'last-event-id': String(last) } });
  expect([...String(rest.body).matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual(['ended']);
  const again = await load(served, 'table=users&name=users.csv', { headers: CSV, body: USERS });
  expect(await served.ask('GET', `/api/loads/${again}`)).toMatchObject({
    body: { tables: { users: { unchanged: 2, inserted: 0 } } },
  });
});

test('a form loads several tables together, and options of populate apply', async () => {
  const served = await serveShop();
  const run = await load(
    served,
    'delimiter=%3B&decimal=%2C&map=orders.userId%3DCustomer&nulls=NA&onConflict=update',
    form({
      users: ['u.csv', 'id;name;email\n1;Alice;alice@example.com\n'],
      products: ['p.csv', 'id;name;price\n1;Pen;1,50\n'],
      orders: ['o.csv', 'id;Customer;product_id;quantity;country\n1;1;1;2;NA\n2;9;1;1;NA\n'],
    }),
  );
  const { body } = await served.ask('GET', `/api/loads/${run}`);
  expect(body).toMatchObject({
    tables: { users: { inserted: 1 }, products: { inserted: 1 }, orders: { inserted: 1, rejected: 1 } },
  });
  expect(await served.ask('GET', '/api/databases/products/product/1')).toMatchObject({ body: { price: '1.50' } });
  expect(await served.ask('GET', '/api/databases/orders/order/1')).toMatchObject({
    body: { userId: 1, country: null },
  });
});

test('what a file is refused with is described', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog, {
    maxUploadBytes: 100,
  });
  const { paths } = (await served.ask('GET', '/openapi.json')).body;
  const refused = async (method: string, path: string, query: string, asked?: Asked) => {
    const { status } = await served.ask(method, `${path}?${query}`, asked);
    const responses = Object(paths[path]?.[method.toLowerCase()]?.['responses']);
    expect([path, query, Object.keys(responses)]).toEqual([path, query, expect.arrayContaining([String(status)])]);
    return status;
  };
  const users = { headers: CSV, body: USERS };
  for (const [method, path] of [
    ['PUT', '/api/loads'],
    ['POST', '/api/loads/preview'],
  ] as const) {
    expect(await refused(method, path, 'table=nowhere', users)).toBe(404);
    expect(await refused(method, path, 'table=users', { headers: CSV, body: USERS.repeat(9) })).toBe(413);
  }
  expect(await refused('POST', '/api/loads', 'table=nowhere')).toBe(404);
  expect(await refused('POST', '/api/loads', 'table=users&columns=0')).toBe(422);
});

test('a number of JSON that settings of values would read as another one is not what CSV says it is', async () => {
  const served = await serveShop();
  const body = '{"id":1,"name":"","price":1.5}\n{"id":2,"name":"","price":2}\n';
  const headers = { 'content-type': 'application/x-ndjson' };
  const changed = async (query: string) => {
    const run = await load(served, `table=products&name=products.ndjson${query}`, { headers, body });
    const path = `/api/loads/${run}/rejects?table=products`;
    expect((await served.ask('GET', path)).headers).not.toHaveProperty('meridian-changed-by-csv');
    const csv = await served.ask('GET', `${path}&format=csv`);
    expect(String(csv.body).split('\n')).toHaveLength(4);
    return csv.headers['meridian-changed-by-csv'];
  };
  expect(await changed('')).toBe('0');
  expect(await changed('&decimal=,&restart=true')).toBe('1');
});

test('rejects are read, grouped, corrected and loaded again', async () => {
  const served = await serveShop();
  const dirty = 'id,name,email\n1,Alice,alice@example.com\n2,,bob@example.com\n3,Carol,carol\n4,,dave@example.com\n';
  const run = await load(served, 'table=users&name=users.csv', { headers: CSV, body: dirty });
  const path = `/api/loads/${run}`;
  const lines = String((await served.ask('GET', `${path}/rejects`)).body)
    .trim()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).number)).toEqual([2, 3, 4]);
  const csv = await served.ask('GET', `${path}/rejects?format=csv&table=users`);
  expect([csv.headers['content-type'], String(csv.body).split('\n').length]).toEqual(['text/csv; charset=utf-8', 5]);
  expect(await served.ask('GET', `${path}/rejects/reasons?examples=1`)).toMatchObject({
    body: {
      run,
      tables: {
        users: [
          { property: 'name', count: 2, examples: [{ line: 3, value: '' }] },
          { property: 'email', count: 1, examples: [{ line: 4, value: 'carol' }] },
        ],
      },
    },
  });
  const corrected = (records: readonly object[]) =>
    served.ask('POST', `${path}/retry`, { body: { table: 'users', records } });
  expect(await corrected([{ number: 1, record: {} }])).toMatchObject({
    status: 422,
    body: { errors: [{ message: 'Record 1 is not among the rejects' }] },
  });
  const bob = { id: '2', name: 'Bob', email: 'bob@example.com' };
  const retried = await corrected([
    { number: 2, record: bob },
    { number: 3, record: { id: '3', name: 'Carol', email: 'still wrong' } },
  ]);
  expect(retried.status).toBe(202);
  await served.ask('GET', `/api/loads/${retried.body.run}/events`);
  expect(await served.ask('GET', `/api/loads/${retried.body.run}`)).toMatchObject({
    body: { tables: { users: { inserted: 1, rejected: 1, source: `rejects of the run ${run} over users.csv` } } },
  });
  const left = String((await served.ask('GET', `${path}/rejects`)).body)
    .trim()
    .split('\n');
  expect(left.map((line) => JSON.parse(line).number)).toEqual([4]);
  const all = await served.ask('POST', `${path}/retry`, { body: {} });
  await served.ask('GET', `/api/loads/${all.body.run}/events`);
  expect(String((await served.ask('GET', `${path}/rejects`)).body)).toBe('');
});

test('a dry run writes nothing', async () => {
  const served = await serveShop();
  const { body } = await served.ask('PUT', '/api/loads?table=users&dryRun=true&name=u.csv', {
    headers: CSV,
    body: USERS,
  });
  const events = await served.ask('GET', `/api/loads/${body.run}/events`);
  expect(String(events.body)).toContain('"dryRun":true');
  expect(await served.ask('GET', `/api/loads/${body.run}/rejects`)).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('A dry run stores nothing, its rejects neither.') },
  });
  await load(served, 'table=users', { headers: CSV, body: 'id,name,email\n5,Eve,eve@example.com\n' });
  expect((await served.ask('GET', '/api/databases/users/user')).body.rows).toHaveLength(1);
});

test('what cannot be loaded is refused with the reason', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog, { maxUploadBytes: 1000 });
  const before = uploadFolders();
  const refused: readonly [string, Asked, number, RegExp][] = [
    ['table=user', { headers: CSV, body: USERS }, 404, /Did you mean "users"|users/],
    ['', { headers: CSV, body: USERS }, 400, /table=users/],
    ['table=users', {}, 400, /body is missing/],
    ['table=users', { headers: CSV, body: '' }, 422, /empty/],
    ['table=users', { headers: { 'content-type': 'image/png' }, body: USERS }, 415, /text\/csv/],
    ['table=users', { headers: CSV, body: 'x'.repeat(1001) }, 413, /1,000 bytes/],
    ['table=users', { headers: CSV, body: 'id,nome\n1,x\n' }, 422, /email|name/],
    ['table=users&delimiter=ab', { headers: CSV, body: USERS }, 400, /one character/],
    ['table=users&sheet=1', { headers: CSV, body: USERS }, 400, /sheet is not for files of the format csv/],
    ['table=users&map=x', { headers: CSV, body: USERS }, 400, /<property>=<column>/],
    ['table=users&maxRejects=-1', { headers: CSV, body: USERS }, 400, /share such as 1%/],
    ['table=users&decimal=%2C&thousands=%2C', { headers: CSV, body: USERS }, 400, /both be the decimal sign/],
    ['table=users&unknown=1', { headers: CSV, body: USERS }, 400, /no query parameter "unknown"/],
    ['', form({ nonesuch: ['x.csv', USERS] }), 404, /nonesuch/],
    ['', form({}), 400, /no file/],
    ['', { headers: { 'content-type': 'multipart/form-data' }, body: 'x' }, 400, /boundary/],
    ['', { headers: { 'content-type': 'multipart/form-data; boundary=cut' }, body: '--cut\r\nhalf' }, 400, /form/],
    ['', form({ users: ['x.csv', 'x'.repeat(990)] }), 413, /1,000 bytes/],
  ];
  for (const [query, asked, status, reason] of refused) {
    const answer = await served.ask('PUT', `/api/loads?${query}`, asked);
    expect([query, answer.status, answer.body.detail]).toEqual([query, status, expect.stringMatching(reason)]);
  }
  expect(uploadFolders()).toEqual(before);
  for (const path of ['', '/events', '/rejects', '/rejects/reasons']) {
    expect(await served.ask('GET', `/api/loads/nonesuch${path}`)).toMatchObject({ status: 404 });
  }
  for (const path of ['cancel', 'retry']) {
    expect(await served.ask('POST', `/api/loads/nonesuch/${path}`)).toMatchObject({ status: 404 });
  }
});

test('the limit of an upload is that of all parts of a form together, whatever its length says', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog, { maxUploadBytes: 2000 });
  const url = await served.server.listen(0);
  const upload = async (bytes: number) => {
    const { headers, body } = form({
      users: ['u.csv', `id,name,email\n1,${'x'.repeat(bytes)},a@example.com\n`],
      products: ['p.csv', `id,name,price\n1,${'x'.repeat(bytes)},1\n`],
    });
    // without a length
    const sent = new Blob([String(body)]).stream();
    const init = { method: 'PUT', headers: headers ?? {}, body: sent, duplex: 'half' };
    const answer = await fetch(`${url}/api/loads`, init as RequestInit);
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };
  expect(await upload(1200)).toEqual([413, 'size']);
  expect(await upload(50)).toEqual([202, undefined]);
});

test('a client that comes back after a restart gets the end of its run, and is then sent no more', async () => {
  const place = sqlitePlace(makeFolder());
  const first = await serve(place, catalog);
  const run = await load(first, 'table=users', { headers: CSV, body: USERS });
  const path = `/api/loads/${run}/events`;
  const idsOf = (body: unknown) => [...String(body).matchAll(/^id: (\S+)\nevent: ended$/gm)].map(([, id = '']) => id);
  const [last = ''] = idsOf((await first.ask('GET', path)).body);
  expect(await first.ask('GET', path, { headers: { 'last-event-id': last } })).toMatchObject({ status: 204, body: '' });
  await first.server.close();
  const second = await serve(place, catalog);
  for (const known of [last, last.replace(/\d+$/, '1'), '7', '99', 'forged']) {
    const { status, body } = await second.ask('GET', path, { headers: { 'last-event-id': known } });
    expect([known, status, idsOf(body)]).toEqual([known, 200, [expect.any(String)]]);
    const [id = ''] = idsOf(body);
    expect((await second.ask('GET', path, { headers: { 'last-event-id': id } })).status).toBe(204);
  }
});

test('a run that goes on after a restart is followed from its beginning by who knew it before', async () => {
  const place = sqlitePlace(makeFolder());
  const first = await serve(place, catalog);
  const rows = Array.from({ length: 30_000 }, (_, index) => `${index + 1},Name,n${index}@example.com\n`).join('');
  const asked = { headers: CSV, body: `id,name,email\n${rows}` };
  const { body } = await first.ask('PUT', '/api/loads?table=users&name=u.csv', asked);
  await first.ask('POST', `/api/loads/${body.run}/cancel`);
  const path = `/api/loads/${body.run}/events`;
  await first.ask('GET', path);
  await first.server.close();
  const second = await serve(place, catalog);
  expect((await second.ask('PUT', '/api/loads?table=users&name=u.csv', asked)).body.run).toBe(body.run);
  const { body: text } = await second.ask('GET', path, { headers: { 'last-event-id': '900' } });
  expect([...String(text).matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual(
    expect.arrayContaining(['continued', 'ended']),
  );
});

test('a name of an uploaded file opens no file of the server', async () => {
  const served = await serveShop();
  for (const name of ['/etc/passwd.csv', '../../x.csv', 's3://bucket/x.csv', 'http://host/x.csv', 'a\nb.csv']) {
    const run = await load(served, `table=users&restart=true&name=${encodeURIComponent(name)}`, {
      headers: CSV,
      body: USERS,
    });
    const { body } = await served.ask('GET', `/api/loads/${run}`);
    expect(JSON.stringify(body)).not.toMatch(/etc|bucket|host|meridian-upload/);
  }
});

test('a load is cancelled, and the same upload continues it', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog);
  const { server } = served;
  const rows = Array.from({ length: 30_000 }, (_, index) => `${index + 1},Name,n${index}@example.com\n`).join('');
  const asked = { headers: CSV, body: `id,name,email\n${rows}` };
  const { body } = await served.ask('PUT', '/api/loads?table=users&name=u.csv', asked);
  expect(await served.ask('POST', `/api/loads/${body.run}/cancel`)).toMatchObject({ status: 202 });
  await served.ask('GET', `/api/loads/${body.run}/events`);
  expect(await served.ask('GET', `/api/loads/${body.run}`)).toMatchObject({
    body: { isRunning: false, tables: { users: { state: 'stopped' } }, report: { interrupted: true } },
  });
  expect(await served.ask('POST', `/api/loads/${body.run}/cancel`)).toMatchObject({ status: 409 });
  expect(await served.ask('POST', `/api/loads/${body.run}/retry`)).toMatchObject({ status: 409 });
  expect(await load(served, 'table=users&name=u.csv', asked)).toBe(body.run);
  expect(await served.ask('GET', `/api/loads/${body.run}`)).toMatchObject({
    body: { tables: { users: { state: 'finished', inserted: 30_000 } } },
  });
  await server.close();
});
