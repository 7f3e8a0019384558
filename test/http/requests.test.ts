/** What every request passes: hosts, methods, media types, sizes, limits; and what every answer has. */
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { Route } from '../../src/config/route.ts';
import { makeServer } from '../../src/http/server.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { type Served, serve } from '../support/served.ts';

const nothing = () => serve(sqlitePlace(makeFolder()), []);

/** Reached from outside as https://meridian.example. */
async function published(): Promise<Served> {
  const place = sqlitePlace(makeFolder());
  await (await serve(place, [])).token('admin');
  return serve(place, [], { origin: new URL('https://meridian.example') });
}

const route = (given: Partial<Route> & Pick<Route, 'path' | 'handle'>): Route => ({
  id: given.path,
  method: 'GET',
  role: 'read',
  summary: 'For tests',
  tag: 'Tests',
  answers: { 200: { description: 'Done' } },
  ...given,
});

const serveRoutes = (routes: readonly Route[], options = {}) =>
  serve(sqlitePlace(makeFolder()), [], { modules: [{ routes: () => Promise.resolve(routes) }], ...options });

test('only a host that cannot be rebound is answered', async () => {
  const { ask } = await published();
  for (const host of ['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', '10.0.0.7', 'meridian.example']) {
    expect(await ask('GET', '/livez', { headers: { host } })).toMatchObject({ status: 200 });
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil@localhost',
    'localhost/',
  ]) {
    expect(await ask('GET', '/livez', { headers: { host } })).toMatchObject({ status: 421, body: { code: 'host' } });
  }
});

test('another site cannot make a browser of this machine write, nor read', async () => {
  const { ask } = await nothing();
  const body = { role: 'admin', name: 'x' };
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
    expect(await ask('POST', '/api/tokens', { headers: headers as never, body })).toMatchObject({ status: 403 });
  }
  const read = await ask('GET', '/api/tokens', { headers: { origin: 'https://evil.example' } });
  expect(Object.keys(read.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(await ask('OPTIONS', '/api/tokens', { headers: { origin: 'https://evil.example' } })).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD, POST' },
  });
});

test('every answer has the headers that protect it, errors as well', async () => {
  const { ask } = await published();
  for (const path of ['/livez', '/nonesuch', '/api/tokens', '/%']) {
    const { headers } = await ask('GET', path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'cache-control': 'no-store',
    });
  }
  expect((await ask('GET', '/livez')).headers).toMatchObject({ 'strict-transport-security': expect.any(String) });
});

test('paths, methods and media types that there are not', async () => {
  const { ask } = await nothing();
  expect(await ask('GET', '/nonesuch')).toMatchObject({ status: 404, body: { code: 'unknown' } });
  expect(await ask('DELETE', '/livez')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  expect(await ask('GET', '/%')).toMatchObject({ status: 400, body: { code: 'usage' } });
  expect(await ask('GET', '/livez?x=1')).toMatchObject({ status: 400 });
  expect(await ask('HEAD', '/livez')).toMatchObject({ status: 200, body: '' });
  const body = 'role=admin';
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx']) {
    expect(await ask('POST', '/api/tokens', { headers: { 'content-type': type }, body })).toMatchObject({
      status: 415,
      body: { code: 'media' },
    });
  }
  expect(await ask('DELETE', '/api/tokens/x', { body: {} })).toMatchObject({ status: 415 });
  expect(await ask('POST', '/api/tokens')).toMatchObject({ status: 400 });
  expect(await ask('POST', '/api/tokens', { body: '{"role":' })).toMatchObject({ status: 400 });
  expect(await ask('POST', '/api/tokens', { body: `"${'x'.repeat(1024 * 1024)}"` })).toMatchObject({
    status: 413,
    body: { code: 'size' },
  });
  expect(await ask('GET', `/api/databases/x/${'y'.repeat(5000)}`)).toMatchObject({ status: 414 });
});

test('a failure shows no stack and no secret, and the log has it under the id of the request', async () => {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => lines.push(line) });
  const secret = 'postgresql://user:password@host/db';
  const failing = route({ path: '/api/failing', handle: () => Promise.reject(new Error(secret)) });
  const { ask } = await serveRoutes([failing], { logger });
  const { status, body, headers } = await ask('GET', '/api/failing?x=\n', {
    headers: { 'x-request-id': 'forged\r\nx: y' } as never,
  });
  expect(status).toBe(400);
  void body;
  void headers;
  const failed = await ask('GET', '/api/failing');
  expect(failed).toMatchObject({ status: 500, body: { code: 'program' } });
  expect(JSON.stringify(failed)).not.toMatch(/password|at .*\.js/);
  expect(lines.some((line) => line.includes(String(failed.headers['x-request-id'])) && line.includes('"err"'))).toBe(
    true,
  );
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
});

test('too many requests of one client are refused for a while', async () => {
  const { ask } = await serveRoutes([], { requestsPerMinute: 3 });
  const answers = await Promise.all([1, 2, 3, 4].map(() => ask('GET', '/api/tokens')));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
  expect(answers.find(({ status }) => status === 429)).toMatchObject({
    headers: { 'retry-after': expect.any(String) },
    body: { code: 'rate' },
  });
});

test('a server for other machines needs a token to start', async () => {
  const place = sqlitePlace(makeFolder());
  const { location: stateLocation } = place.options('meridian');
  const options = { project: { databases: [], modules: [] }, databases: () => [], host: '0.0.0.0', stateLocation };
  await expect(makeServer(options)).rejects.toThrow('npx meridian token create --role admin');
  await expect(
    makeServer({ ...options, project: { databases: [{ name: 'meridian', entities: [] }], modules: [] } }),
  ).rejects.toThrow("Give the project's another name");
});

test('liveness, readiness and metrics', async () => {
  const { ask } = await serve(sqlitePlace(makeFolder()), catalog);
  expect(await ask('GET', '/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await ask('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { status: 'failing', databases: { meridian: 'ok', users: 'missing' } },
  });
  expect(await ask('GET', '/api/databases/users/user')).toMatchObject({ status: 503, body: { code: 'database' } });
  const { body } = await ask('GET', '/metrics');
  expect(String(body)).toContain('meridian_http_requests_total{method="GET",route="/livez",status="200"} 1');
});

const sockets: { destroy(): void }[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
});

/** Sends bytes as they are. @returns what is answered until the connection ends */
async function raw({ server }: Served, text: string): Promise<string> {
  const url = new URL(await server.listen(0));
  const socket = connect(Number(url.port), url.hostname);
  sockets.push(socket);
  socket.write(text);
  let answered = '';
  for await (const chunk of socket) {
    answered += String(chunk);
  }
  return answered;
}

test.each([
  ['no HTTP', 'nonsense\r\n\r\n', '400'],
  ['no host', 'GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n', '421'],
  ['large headers', `GET /livez HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
  [
    'two lengths',
    'POST /api/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    '400',
  ],
  [
    'a length and chunks',
    'POST /api/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    '400',
  ],
  [
    'a large body',
    `POST /api/session HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2000000\r\n\r\n${'x'.repeat(1000)}`,
    '413',
  ],
])('a socket that sends %s is answered and closed', async (_, text, status) => {
  const answered = await raw(await nothing(), text);
  expect(answered).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answered).toContain('application/problem+json');
});

test('closing ends open streams first, and is over soon', async () => {
  const events = route({
    path: '/api/endless',
    isEndless: true,
    async handle({ signal }) {
      const { Readable } = await import('node:stream');
      async function* lines() {
        yield 'data: 1\n\n';
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }
      return { headers: { 'content-type': 'text/event-stream' }, body: Readable.from(lines()) };
    },
  });
  const { server } = await serveRoutes([events]);
  const url = await server.listen(0);
  const response = await fetch(`${url}/api/endless`);
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n');
  await server.close();
  expect((await reader?.read())?.done).toBe(true);
});
