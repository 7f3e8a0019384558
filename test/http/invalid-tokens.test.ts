/** Many invalid tokens from one address, which may be that of a proxy: they are refused, and those of others there are not. */
import { expect, test } from '@jest/globals';
import { createToken } from '../../src/http/auth/tokens.ts';
import { sqlitePlace } from '../support/engines.ts';
import { watchStatements } from '../support/faults/statements.ts';
import { makeFolder } from '../support/folder.ts';
import { bearer, type Served, serve } from '../support/served.ts';

const PATH = '/api/tokens';

/** Of the right form, each another one. */
const forged = (count: number) =>
  Array.from({ length: count }, (_, index) => `mrd_${index.toString(16).padStart(16, '0')}_${'A'.repeat(43)}`);

/** With so many valid ones. */
async function guarded(count: number): Promise<Served & { readonly tokens: readonly string[] }> {
  const place = sqlitePlace(makeFolder());
  const { token } = await serve(place, []);
  const tokens = await Promise.all(forged(count).map(() => token('admin')));
  return { ...(await serve(place, [], { requiresToken: true })), tokens };
}

/** Sent at the same time. */
async function statuses({ ask }: Served, tokens: readonly string[]): Promise<number[]> {
  const answers = await Promise.all(tokens.map((token) => ask('GET', PATH, { headers: bearer(token) })));
  return answers.map(({ status }) => status);
}

async function failing(): Promise<Served & { readonly known: string }> {
  const { tokens, ...served } = await guarded(1);
  expect(await statuses(served, forged(60))).toEqual(forged(60).map(() => 401));
  return { ...served, known: tokens[0] ?? '' };
}

test('after too many, invalid tokens are refused without a query each, also as logins and cookies', async () => {
  const served = await failing();
  let answers: number[] = [];
  const count = await watchStatements({}, async () => {
    answers = await statuses(served, [...forged(50), 'x', '']);
  });
  expect(new Set(answers)).toEqual(new Set([429]));
  expect(count).toBeLessThan(5);
  const [token = ''] = forged(1);
  const login = await served.ask('POST', '/api/session', { body: { token } });
  expect(login).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) }, body: { code: 'rate' } });
  const cookie = `meridian_session=${token.replace('mrd', 'mrs')}`;
  expect(await served.ask('GET', PATH, { headers: { cookie } })).toMatchObject({ status: 429 });
});

test('many at the same time are not all looked up', async () => {
  const served = await guarded(1);
  const answers = await statuses(served, forged(200));
  expect([401, 429].map((status) => answers.filter((one) => one === status).length)).toEqual([60, 140]);
});

test('valid tokens and sessions of the same address are not refused, whether they have been used before or not', async () => {
  const served = await failing();
  const { ask, known, server } = served;
  expect(await statuses(served, [known, known])).toEqual([200, 200]);
  const login = await ask('POST', '/api/session', { body: { token: known } });
  expect(login.status).toBe(200);
  const [cookie = ''] = String(login.headers['set-cookie']).split(';');
  expect(await ask('GET', PATH, { headers: { cookie } })).toMatchObject({ status: 200 });
  const made = await ask('POST', PATH, { headers: bearer(known), body: { role: 'admin', name: 'new' } });
  expect(await statuses(served, [made.body.token, ...forged(1)])).toEqual([200, 429]);
  const old = await createToken(server.state, { role: 'admin', name: 'old', expiresAt: new Date(0) });
  expect([401, 429]).toContain((await statuses(served, [old.text]))[0]);
});

test('lookups that succeed do not count', async () => {
  const served = await guarded(70);
  expect(await statuses(served, served.tokens)).toEqual(served.tokens.map(() => 200));
  expect(await statuses(served, forged(1))).toEqual([401]);
});
