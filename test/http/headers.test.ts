/** The headers of every kind of answer, over a socket: what it is, who may keep it, and what a browser may do with it. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { catalog } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { serve } from '../support/served.ts';

const SECURITY = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

const NOT_KEPT = { 'cache-control': 'no-store' };
const ASKED_FOR_AGAIN = { 'cache-control': 'no-cache', etag: expect.stringMatching(/^"[\w-]+"$/) };
const ETAG = { etag: expect.stringMatching(/^"[\w-]{22}"$/) };

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const PROBLEM = { 'content-type': 'application/problem+json; charset=utf-8' };
const html = { 'content-type': 'text/html; charset=utf-8' };
const script = { 'content-type': 'text/javascript; charset=utf-8' };
const style = { 'content-type': 'text/css; charset=utf-8' };
const ONE_OF_TWO = { vary: 'accept-encoding' };

const USERS = '/api/databases/users/user';
const NEW_USER = { id: 3, name: 'Cleo', email: 'cleo@example.com' };

interface Case {
  readonly method?: string;
  /** `RUN` stands for the run of a load with a reject. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly status: number;
  /** Beside the security headers, the id of the request and what Node.js adds. */
  readonly has: Readonly<Record<string, unknown>>;
}

/** In this order. */
const CASES: Readonly<Record<string, Case>> = {
  JSON: { path: '/livez', status: 200, has: { ...JSON_TYPE, ...NOT_KEPT } },
  'a list': { path: USERS, status: 200, has: { ...JSON_TYPE, ...NOT_KEPT } },
  'a row': { path: `${USERS}/1`, status: 200, has: { ...JSON_TYPE, ...NOT_KEPT, ...ETAG } },
  'the head of a row': {
    method: 'HEAD',
    path: `${USERS}/1`,
    status: 200,
    has: { ...JSON_TYPE, ...NOT_KEPT, ...ETAG },
  },
  'a row that is known': {
    path: `${USERS}/1`,
    headers: { 'if-none-match': '*' },
    status: 304,
    has: { ...NOT_KEPT, ...ETAG },
  },
  'a new row': {
    method: 'POST',
    path: USERS,
    body: NEW_USER,
    status: 201,
    has: { ...JSON_TYPE, ...NOT_KEPT, ...ETAG, location: `${USERS}/3` },
  },
  'a row that is deleted': { method: 'DELETE', path: `${USERS}/3`, status: 204, has: NOT_KEPT },
  'the page': { path: '/', status: 200, has: { ...html, ...ASKED_FOR_AGAIN, ...ONE_OF_TWO } },
  'the head of the page': {
    method: 'HEAD',
    path: '/',
    status: 200,
    has: { ...html, ...ASKED_FOR_AGAIN, ...ONE_OF_TWO },
  },
  'a script': { path: '/page.js', status: 200, has: { ...script, ...ASKED_FOR_AGAIN, ...ONE_OF_TWO } },
  'a style, compressed': {
    path: '/page.css',
    headers: { 'accept-encoding': 'gzip' },
    status: 200,
    has: { ...style, ...ASKED_FOR_AGAIN, ...ONE_OF_TWO, 'content-encoding': 'gzip' },
  },
  'the page to try the API': { path: '/api', status: 200, has: { ...html, ...NOT_KEPT } },
  'the description of the API': { path: '/openapi.json', status: 200, has: { ...JSON_TYPE, ...NOT_KEPT } },
  metrics: {
    path: '/metrics',
    status: 200,
    has: { 'content-type': expect.stringMatching(/^text\/plain;/), ...NOT_KEPT },
  },
  events: {
    path: '/api/events',
    status: 200,
    has: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', ...NOT_KEPT },
  },
  'lines of JSON': {
    path: '/api/loads/RUN/rejects',
    status: 200,
    has: { 'content-type': 'application/x-ndjson', ...NOT_KEPT },
  },
  CSV: {
    path: '/api/loads/RUN/rejects?format=csv&table=users',
    status: 200,
    has: { 'content-type': 'text/csv; charset=utf-8', 'meridian-changed-by-csv': '0', ...NOT_KEPT },
  },
  'a path that there is not': { path: '/nonesuch', status: 404, has: { ...PROBLEM, ...NOT_KEPT } },
  'a row that there is not': { path: `${USERS}/9`, status: 404, has: { ...PROBLEM, ...NOT_KEPT } },
  'the head of a row that there is not': {
    method: 'HEAD',
    path: `${USERS}/9`,
    status: 404,
    has: { ...PROBLEM, ...NOT_KEPT },
  },
  'a path that is no UTF-8': { path: '/%ff', status: 400, has: { ...PROBLEM, ...NOT_KEPT } },
  'a method that the path does not take': {
    method: 'PUT',
    path: '/livez',
    status: 405,
    has: { ...PROBLEM, ...NOT_KEPT, allow: 'GET, HEAD' },
  },
  'a token that is not valid': {
    path: USERS,
    headers: { authorization: 'Bearer mrd_x' },
    status: 401,
    has: { ...PROBLEM, ...NOT_KEPT, 'www-authenticate': 'Bearer realm="meridian"' },
  },
  'another host': { path: '/livez', headers: { host: 'evil.example' }, status: 421, has: { ...PROBLEM, ...NOT_KEPT } },
  'a body that breaks rules': {
    method: 'POST',
    path: USERS,
    body: { id: 4 },
    status: 422,
    has: { ...PROBLEM, ...NOT_KEPT },
  },
};

/** Of the connection and the moment. */
const ADDED = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'x-request-id'];

async function withRejects() {
  const served = await serve(sqlitePlace(makeFolder()), catalog);
  const headers = { 'content-type': 'text/csv' };
  const users = 'id,name,email\n1,Alice,alice@example.com\n2,Bob,nobody\n';
  const { run } = (await served.ask('PUT', '/api/loads?table=users', { headers, body: users })).body;
  await served.ask('GET', `/api/loads/${run}/events`);
  const url = await served.server.listen(0);
  return { url, run, server: served.server };
}

test('every kind of answer', async () => {
  const { url, run } = await withRejects();
  for (const [what, { method = 'GET', path, headers = {}, body, status, has }] of Object.entries(CASES)) {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request(`${url}${path.replace('RUN', run)}`, { method, headers: { ...type, ...headers } });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect([what, answer.statusCode, saidBy(answer.headers)]).toEqual([what, status, { ...SECURITY, ...has }]);
    expect([what, answer.headers['x-request-id']]).toEqual([what, expect.stringMatching(/^[\da-f-]{36}$/)]);
    answer.destroy();
  }
});

function saidBy(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ADDED.includes(name)));
}

test('a head has the length of the body that it leaves out', async () => {
  const { url } = await withRejects();
  for (const path of ['/', `${USERS}/1`, `${USERS}/9`]) {
    const [whole, head] = await Promise.all(['GET', 'HEAD'].map((method) => fetch(`${url}${path}`, { method })));
    expect([path, await head?.text()]).toEqual([path, '']);
    expect([path, head?.headers.get('content-length')]).toEqual([path, whole?.headers.get('content-length')]);
    await whole?.body?.cancel();
  }
});

test('what is no HTTP is answered with a problem that nobody keeps and no browser shows', async () => {
  const { server } = await withRejects();
  const { port } = server.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('no HTTP\r\n\r\n');
  const [head = ''] = (await text(socket)).split('\r\n\r\n');
  const [first, ...lines] = head.split('\r\n');
  expect(first).toBe('HTTP/1.1 400 Bad Request');
  const headers = Object.fromEntries(lines.map((line) => line.split(': ', 2)));
  expect(saidBy(headers)).toEqual({ ...SECURITY, ...PROBLEM, ...NOT_KEPT });
});
