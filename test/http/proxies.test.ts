/** Requests that a proxy passes on come from its address, which may be this machine: they need a token. */
import { expect, test } from '@jest/globals';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { bearer, serve } from '../support/served.ts';

const origin = new URL('https://meridian.example');

test('a server with an origin needs a token for every request, and does not start without one', async () => {
  const place = sqlitePlace(makeFolder());
  await expect(serve(place, [], { origin })).rejects.toThrow(
    'Every request to https://meridian.example needs a token, and there is none.',
  );
  const token = await (await serve(place, [])).token('admin');
  const { ask, server } = await serve(place, [], { origin });
  expect(server.requiresToken).toBe(true);
  expect(await ask('GET', '/api/tokens')).toMatchObject({ status: 401 });
  expect(await ask('GET', '/api/session')).toMatchObject({ body: { role: null, isLocal: false } });
  expect(await ask('GET', '/api/tokens', { headers: bearer(token) })).toMatchObject({ status: 200 });
});

test.each([
  { forwarded: 'for=192.0.2.60;proto=https' },
  { via: '1.1 proxy' },
  { 'x-forwarded-for': '192.0.2.60' },
  { 'X-Forwarded-Proto': 'https' },
  { 'x-forwarded-for': '' },
  { 'x-real-ip': '127.0.0.1' },
])('a request with %j is not taken for one of this machine', async (header) => {
  const { ask, token } = await serve(sqlitePlace(makeFolder()), []);
  const headers = header as unknown as Record<string, string>;
  expect(await ask('GET', '/api/tokens')).toMatchObject({ status: 200 });
  expect(await ask('GET', '/api/tokens', { headers })).toMatchObject({ status: 401 });
  const body = { role: 'admin', name: 'x' };
  expect(await ask('POST', '/api/tokens', { headers, body })).toMatchObject({ status: 401 });
  const known = { ...headers, ...bearer(await token('admin')) };
  expect(await ask('POST', '/api/tokens', { headers: known, body })).toMatchObject({ status: 201 });
});
