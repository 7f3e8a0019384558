/** Attacks on a server: over real sockets, in names, filters and texts. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from '@jest/globals';
import pino from 'pino';
import { catalog } from '../../src/shop/catalog.ts';
import { shop } from '../../src/shop/cli/shop.module.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { bearer, type Served, serve } from '../support/served.ts';

const USERS = '/api/databases/users/user';
const SCRIPT = '<script>alert(1)</script>';
const CSV = { 'content-type': 'text/csv' };

async function load(served: Served, table: string, csv: string): Promise<string> {
  const { body } = await served.ask('PUT', `/api/loads?table=${table}`, { headers: CSV, body: csv });
  await served.ask('GET', `/api/loads/${body.run}/events`);
  return body.run;
}

/** What the server answers to these bytes, until it closes the connection. */
async function answerTo(served: Served, text: string): Promise<string> {
  await served.server.listen(0);
  const { port } = served.server.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
  });
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test('every route of the shop refuses a request without a token, and with too weak a role', async () => {
  const place = sqlitePlace(makeFolder());
  const open = await serve(place, catalog);
  const reader = bearer(await open.token('read'));
  const { ask } = await serve(place, catalog, { modules: [shop], requiresToken: true });
  const { paths } = (await ask('GET', '/openapi.json', { headers: reader })).body;
  const operations = Object.entries(paths).filter(([path]) => path.startsWith('/api/shop/'));
  expect(operations.length).toBeGreaterThan(15);
  for (const [path, methods] of operations) {
    for (const [method, described] of Object.entries(methods)) {
      const url = path.replaceAll(/\{\w+\}/g, '1');
      expect([path, method, (await ask(method.toUpperCase(), url)).status]).toEqual([path, method, 401]);
      if (described['x-role'] !== 'read') {
        const { status } = await ask(method.toUpperCase(), url, { headers: reader });
        expect([path, method, status]).toEqual([path, method, 403]);
      }
    }
  }
});

test('headers that never end are refused in time', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog);
  const answer = await answerTo(served, 'GET /livez HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(answer).toContain('"code":"timeout"');
});

test.each([
  ['headers that are too large', `GET /livez HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  [
    'two lengths',
    'POST /api/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    400,
  ],
  [
    'a length beside chunks',
    'POST /api/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
    400,
  ],
  ['a line break in a header', 'GET /livez HTTP/1.1\r\nhost: localhost\r\nx: a\nset-cookie: b\0\r\n\r\n', 400],
  [
    'a way out of the page',
    'GET /page.js/../../../package.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
    404,
  ],
  ['an encoded one', 'GET /..%2f..%2fpackage.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n', 404],
  ['another host', 'GET /livez HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n', 421],
])('%s is refused', async (_, request, status) => {
  const served = await serve(sqlitePlace(makeFolder()), catalog);
  expect(await answerTo(served, request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test('a script that is stored in a text is only ever sent as JSON or text', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog);
  await load(served, 'users', `id,name,email\n1,${SCRIPT},a@example.com\n`);
  await load(served, 'products', `id,name,price\n1,${SCRIPT},1.00\n`);
  const run = await load(served, 'users', `id,name,email\n2,${SCRIPT},${SCRIPT}\n`);
  const paths = [
    USERS,
    `${USERS}/1`,
    '/api/databases/products/product',
    '/api/loads',
    `/api/loads/${run}`,
    `/api/loads/${run}/events`,
    `/api/loads/${run}/rejects`,
    `/api/loads/${run}/rejects?format=csv&table=users`,
    `/api/loads/${run}/rejects/reasons`,
    `/api/loads/${encodeURIComponent(SCRIPT)}`,
    `${USERS}?${encodeURIComponent(SCRIPT)}=1`,
  ];
  for (const path of paths) {
    const { headers } = await served.ask('GET', path);
    expect([path, headers['content-type']]).toEqual([
      path,
      expect.stringMatching(/^(?:application\/(?:problem\+)?json|application\/x-ndjson|text\/(?:csv|event-stream))/),
    ]);
    expect([path, headers['x-content-type-options']]).toEqual([path, 'nosniff']);
    expect(String(headers['content-security-policy'])).toContain("script-src 'self'");
    expect(String(headers['content-security-policy'])).not.toContain('unsafe');
  }
});

test('a filter, a sort and a key are values and no SQL', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog);
  await load(served, 'users', 'id,name,email\n1,Alice,a@example.com\n2,Bob,b@example.com\n');
  const attacks = [
    "1' or '1'='1",
    '1; drop table users',
    '1)) union select 1 --',
    'id" desc, "name',
    '../../etc/passwd',
  ];
  for (const attack of attacks) {
    const text = encodeURIComponent(attack);
    for (const path of [`?filter.id=${text}`, `?filter.email=${text}`, `?sort=${text}`, `?after=${text}`, `/${text}`]) {
      const { status, body } = await served.ask('GET', `${USERS}${path}`);
      const found = status === 200 ? body.rows.length : 0;
      expect([path, found, status < 500]).toEqual([path, 0, true]);
    }
  }
  expect((await served.ask('GET', USERS)).body.rows).toHaveLength(2);
});

test('line breaks of a caller reach no header and begin no line of the log', async () => {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const served = await serve(sqlitePlace(makeFolder()), catalog, { logger });
  const forged = encodeURIComponent('x.csv\r\nset-cookie: a=b\n{"level":30}');
  const { headers } = await served.ask('PUT', `/api/loads?table=users&name=${forged}`, {
    headers: CSV,
    body: 'id,name,email\n',
  });
  await served.ask('GET', `/api/loads/${forged}`);
  await served.ask('GET', `/${forged}`);
  expect(headers['set-cookie']).toBeUndefined();
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) {
    expect(JSON.parse(line)).not.toHaveProperty('set-cookie');
    expect(line.trimEnd()).not.toContain('\n');
  }
  expect(lines.join('')).not.toContain('set-cookie');
});
