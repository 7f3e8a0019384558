/** Who may call what: tokens, roles, sessions, the audit log, and requests that other sites make a browser send. */
import { expect, test } from '@jest/globals';
import { createToken, listTokens, revokeToken } from '../../src/http/auth/tokens.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { type EngineName, forEachEngineMigratedThoroughly, type Place } from '../support/engines.ts';
import { bearer, type Served, serve } from '../support/served.ts';

const USERS = '/api/databases/users/user';

const alice = { id: 1, name: 'Alice', email: 'alice@example.com' };

const ROLES = ['read', 'operate', 'admin'] as const;

interface Described {
  readonly 'x-role': string;
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

/** A server that wants a token from this machine as well, and one for each role. */
async function guarded(place: Place): Promise<Served & { readonly tokens: Readonly<Record<string, string>> }> {
  const open = await serve(place, catalog);
  const tokens = await Promise.all(ROLES.map(async (role) => [role, await open.token(role)] as const));
  return { ...(await serve(place, catalog, { requiresToken: true })), tokens: Object.fromEntries(tokens) };
}

forEachEngineMigratedThoroughly('catalog', (makePlace: () => Promise<Place>, _engine: EngineName) => {
  test('every route refuses a request without a token, and with too weak a role', async () => {
    const { ask, tokens } = await guarded(await makePlace());
    const { paths } = (await ask('GET', '/openapi.json', { headers: bearer(tokens['read'] ?? '') })).body;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => ({ path, method, described: one as unknown as Described })),
    );
    const closed = operations.filter(({ described }) => described['x-role'] !== 'public');
    expect(closed.length).toBeGreaterThan(20);
    for (const { path, method, described } of closed) {
      const [type] = Object.keys(described.requestBody?.content ?? {});
      const asked = (headers: Record<string, string>) => ({
        headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
        ...(type === undefined ? {} : { body: '[' }),
      });
      const url = path.replaceAll(/\{\w+\}/g, '1');
      const without = await ask(method.toUpperCase(), url, asked({}));
      expect([method, path, without.status]).toEqual([method, path, 401]);
      for (const role of ROLES) {
        const isEnough = ROLES.indexOf(role) >= ROLES.indexOf(described['x-role'] as 'read');
        if (isEnough && path === '/api/events') {
          // it has no end; page.test.ts reads it
          continue;
        }
        const { status } = await ask(method.toUpperCase(), url, asked(bearer(tokens[role] ?? '')));
        expect([method, path, role, status === 403]).toEqual([method, path, role, !isEnough]);
      }
    }
    const open = operations.filter(({ described }) => described['x-role'] === 'public').map(({ path }) => path);
    expect([...new Set(open)].sort()).toEqual(
      ['/', '/api', '/api/session', '/api/try.css', '/api/try.js', '/livez', '/page.css', '/page.js', '/readyz'].sort(),
    );
  });

  test('who has no token learns no name of a database, an entity or a column', async () => {
    const { ask, tokens } = await guarded(await makePlace());
    for (const path of ['/', '/api', '/api/try.js', '/api/session', '/livez', '/readyz', '/nonesuch']) {
      const { body } = await ask('GET', path);
      expect([path, JSON.stringify(body).match(/products|productId|componentId/)]).toEqual([path, null]);
    }
    for (const path of ['/openapi.json', '/api/description', '/api/databases/products/product', '/metrics']) {
      const { status, body } = await ask('GET', path);
      expect([path, status, JSON.stringify(body)]).toEqual([path, 401, expect.not.stringContaining('product')]);
    }
    const headers = bearer(tokens['read'] ?? '');
    expect((await ask('GET', '/openapi.json', { headers })).body.paths).toHaveProperty([
      '/api/databases/products/product',
    ]);
    expect((await ask('GET', '/readyz', { headers })).body).toHaveProperty(['databases', 'products']);
  });

  test('a token is stored as a digest, expires and is revoked', async () => {
    const place = await makePlace();
    const { ask, tokens, server } = await guarded(place);
    const [, id = '', secret = ''] = /^mrd_([0-9a-f]{16})_(.{43})$/.exec(tokens['read'] ?? '') ?? [];
    expect(JSON.stringify(await place.execute('meridian', 'select * from meridian_token'))).not.toContain(secret);
    const past = await createToken(server.state, { role: 'admin', name: 'old', expiresAt: new Date(0) });
    const forged = `mrd_${id}_${'A'.repeat(43)}`;
    for (const text of [past.text, forged, 'x', `mrd_${id}`, 'mrd_0000000000000000_'.padEnd(64, 'A')]) {
      expect(await ask('GET', USERS, { headers: bearer(text) })).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="meridian"' },
        body: { code: 'unauthenticated' },
      });
    }
    const admin = { headers: bearer(tokens['admin'] ?? '') };
    expect(await ask('GET', USERS, { headers: bearer(tokens['read'] ?? '') })).toMatchObject({ status: 200 });
    expect(await ask('DELETE', `/api/tokens/${id}`, admin)).toMatchObject({ status: 204 });
    expect(await ask('GET', USERS, { headers: bearer(tokens['read'] ?? '') })).toMatchObject({ status: 401 });
    expect(await ask('DELETE', '/api/tokens/nonesuch', admin)).toMatchObject({ status: 404 });
    const { body } = await ask('GET', '/api/tokens', admin);
    expect(body.tokens.map(({ name }) => name)).toEqual(expect.arrayContaining(['read', 'operate', 'admin', 'old']));
    expect(JSON.stringify(body)).not.toContain('hash');
    await expect(revokeToken(server.state, 'nonesuch')).rejects.toThrow('no token with the id "nonesuch"');
    expect((await listTokens(server.state)).find((one) => one.id === id)?.revokedAt).not.toBeNull();
    await expect(createToken(server.state, { role: 'read', name: 'a\nb' })).rejects.toThrow('in one line');
  });

  test('a stream ends when its token is revoked or its session is closed, and no other does', async () => {
    const { ask, tokens, server } = await guarded(await makePlace());
    const url = await server.listen(0);
    const [operate = '', read = '', admin = ''] = ['operate', 'read', 'admin'].map((role) => tokens[role]);
    const leaving = new AbortController();
    const ended: string[] = [];
    const stream = async (name: string, headers: Record<string, string>) => {
      const { status, body } = await fetch(`${url}/api/events`, { headers, signal: leaving.signal });
      expect(status).toBe(200);
      return {
        end: (async () => {
          for await (const _ of body ?? []) {
            // until the server ends it
          }
          ended.push(name);
        })(),
      };
    };
    const opened = await ask('POST', '/api/session', { body: { token: operate } });
    const cookie = String(opened.headers['set-cookie']).split(';', 1)[0] ?? '';
    const session = await stream('session', { cookie });
    const other = await stream('other', bearer(admin));
    const revoked = await stream('token', bearer(read));
    expect(await ask('DELETE', `/api/tokens/${read.split('_')[1]}`, { headers: bearer(admin) })).toMatchObject({
      status: 204,
    });
    await revoked.end;
    expect(await ask('DELETE', '/api/session', { headers: { cookie, 'sec-fetch-site': 'same-origin' } })).toMatchObject(
      {
        status: 204,
      },
    );
    await session.end;
    expect(ended).toEqual(['token', 'session']);
    leaving.abort();
    await expect(other.end).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an admin makes a token, and its text is shown once', async () => {
    const { ask, tokens } = await guarded(await makePlace());
    const admin = bearer(tokens['admin'] ?? '');
    const made = await ask('POST', '/api/tokens', {
      headers: admin,
      body: { role: 'operate', name: 'deploy', expiresInDays: 90 },
    });
    expect(made).toMatchObject({ status: 201, body: { name: 'deploy', role: 'operate' } });
    const headers = bearer(made.body.token);
    expect(await ask('POST', USERS, { headers, body: alice })).toMatchObject({ status: 201 });
    for (const body of [{ role: 'root', name: 'x' }, { role: 'read' }, { role: 'read', name: 'x', more: 1 }, []]) {
      expect(await ask('POST', '/api/tokens', { headers: admin, body })).toMatchObject({
        status: 422,
        body: { code: 'invalid', errors: [{ message: expect.any(String) }] },
      });
    }
  });

  test('a session is opened with a token, is sent by the page only, and ends', async () => {
    const { ask, tokens } = await guarded(await makePlace());
    expect(await ask('POST', '/api/session', { body: { token: 'mrd_x' } })).toMatchObject({ status: 401 });
    const opened = await ask('POST', '/api/session', { body: { token: tokens['operate'] } });
    expect(opened).toMatchObject({ status: 200, body: { role: 'operate', isLocal: false } });
    const set = String(opened.headers['set-cookie']);
    expect(set).toMatch(/^meridian_session=mrs_\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=4\d{4}$/);
    const [cookie = ''] = set.split(';');
    const own = { cookie, 'sec-fetch-site': 'same-origin' };
    expect(await ask('GET', '/api/session', { headers: own })).toMatchObject({ body: { role: 'operate' } });
    expect(await ask('GET', USERS, { headers: { cookie } })).toMatchObject({ status: 200 });
    for (const headers of [
      { cookie },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
    ]) {
      const answer = await ask('POST', USERS, { headers: headers as never, body: alice });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await ask('POST', USERS, { headers: { cookie, origin: 'http://localhost' }, body: alice })).toMatchObject({
      status: 201,
    });
    expect(await ask('DELETE', '/api/session', { headers: own })).toMatchObject({ status: 204 });
    expect(await ask('GET', USERS, { headers: own })).toMatchObject({ status: 401 });
  });

  test('a browser whose session has ended gets the page, and logs in again', async () => {
    const { ask, tokens } = await guarded(await makePlace());
    const headers = { cookie: `meridian_session=mrs_${'0'.repeat(16)}_${'A'.repeat(43)}`, 'sec-fetch-site': 'none' };
    expect(await ask('GET', '/', { headers })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/api/session', { headers })).toMatchObject({ status: 200, body: { role: null } });
    expect(await ask('GET', USERS, { headers })).toMatchObject({ status: 401 });
    const opened = await ask('POST', '/api/session', { headers, body: { token: tokens['read'] } });
    expect(opened).toMatchObject({ status: 200, body: { role: 'read' } });
    expect(await ask('DELETE', '/api/session', { headers })).toMatchObject({ status: 204 });
    expect(await ask('GET', '/api/session', { headers: bearer('mrd_x') })).toMatchObject({ status: 401 });
  });

  test('every write is in the audit log, with its outcome', async () => {
    const { ask, tokens } = await guarded(await makePlace());
    const [read, operate, admin] = ROLES.map((role) => bearer(tokens[role] ?? ''));
    await ask('POST', USERS, { headers: operate as never, body: alice });
    await ask('POST', USERS, { headers: operate as never, body: { ...alice, name: '' } });
    await ask('DELETE', `${USERS}/1`, { headers: read as never });
    await ask('GET', USERS, { headers: read as never });
    const { body } = await ask('GET', '/api/audit', { headers: admin as never });
    expect(
      body.records.map(({ operation, outcome, status, subject, actor }) => [
        operation,
        outcome,
        status,
        subject,
        actor,
      ]),
    ).toEqual([
      ['deleteRow', 'refused', 403, null, expect.objectContaining({ role: 'read' })],
      ['createRow', 'refused', 422, null, expect.objectContaining({ role: 'operate' })],
      ['createRow', 'done', 201, 'inserted users 1', expect.objectContaining({ role: 'operate', name: 'operate' })],
    ]);
    const [newest] = body.records;
    const older = await ask('GET', `/api/audit?limit=1&before=${newest?.['id']}`, { headers: admin as never });
    expect(older.body.records).toEqual([body.records[1]]);
  });

  test('many writes at once have a record each', async () => {
    const { ask } = await serve(await makePlace(), catalog);
    const ids = Array.from({ length: 30 }, (_, index) => index + 1);
    await Promise.all(ids.map((id) => ask('POST', USERS, { body: { ...alice, id, email: `${id}@example.com` } })));
    const { records } = (await ask('GET', '/api/audit?limit=100')).body;
    expect(records.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'done'));
    expect(new Set(records.map(({ subject }) => subject)).size).toBe(ids.length);
  });
});
