/** Attacks on the routes of the shop: scripts, names that lead elsewhere, SQL and requests that are too large. */
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { makeFolder } from '../../support/folder.ts';
import { REGIONS, serveShop } from '../../support/served-shop.ts';

const SCRIPT = '<script>alert(1)</script>';

test('a script in every text of an order is only ever sent as JSON or CSV', async () => {
  const { ask, post, receive } = await serveShop();
  await ask('PATCH', '/api/databases/products/product/1', { body: { name: SCRIPT } });
  await receive('boston', 1, 9);
  const order = { userId: 1, items: [{ productId: 1, quantity: 1 }], country: SCRIPT, details: { [SCRIPT]: SCRIPT } };
  expect(await post(`${REGIONS}/boston/checkouts`, order, SCRIPT)).toMatchObject({
    status: 201,
    body: { key: SCRIPT },
  });
  await post('/api/shop/sync', {});
  for (const path of [
    `${REGIONS}/boston/orders`,
    `${REGIONS}/${encodeURIComponent(SCRIPT)}/orders`,
    REGIONS,
    '/api/shop/stock',
    '/api/shop/documents',
    `/api/shop/documents?where=${encodeURIComponent(`${SCRIPT}=1`)}`,
    ...['by=product', 'by=country'].flatMap((by) =>
      ['json', 'csv'].map((format) => `/api/shop/reports/sales?${by}&format=${format}`),
    ),
    '/api/shop/reports/products?format=csv',
    '/api/audit',
  ]) {
    const { headers, status } = await ask('GET', path);
    const type = expect.stringMatching(/^(?:application\/(?:problem\+)?json|text\/csv)/);
    expect([path, headers['content-type'], status < 500]).toEqual([path, type, true]);
    expect([path, headers['x-content-type-options']]).toEqual([path, 'nosniff']);
  }
});

test.each(['../escaped', '..%2fescaped', '%2e%2e%2fescaped', '/escaped', 'a/../../escaped', 'c:\\escaped'])(
  'a region called %s is none, and its name leads to no file',
  async (name) => {
    const { ask, post } = await serveShop();
    const before = readdirSync('.').toSorted();
    expect(await post(REGIONS, { name: decodeURIComponent(name) })).toMatchObject({ status: 422 });
    const path = `${REGIONS}/${encodeURIComponent(decodeURIComponent(name))}`;
    for (const [method, rest] of [
      ['GET', 'orders'],
      ['POST', 'relay/pause'],
      ['POST', 'disconnect'],
    ] as const) {
      expect([rest, (await ask(method, `${path}/${rest}`)).status]).toEqual([rest, 404]);
    }
    expect(readdirSync('.').toSorted()).toEqual(before);
  },
);

test('an upload is stored nowhere that its name says', async () => {
  const { ask } = await serveShop();
  const target = `${makeFolder()}/escaped.csv`;
  const up = '../'.repeat(20);
  for (const name of [target, `${up}${target.slice(1)}`, `..\\..\\${target}`, '\0', '.']) {
    const query = `table=users&name=${encodeURIComponent(name)}`;
    const body = 'id,name,email\n7,Eve,eve@example.com\n';
    const { status } = await ask('PUT', `/api/loads?${query}`, { headers: { 'content-type': 'text/csv' }, body });
    expect(status).toBeLessThan(500);
    const form = `--cut\r\ncontent-disposition: form-data; name="users"; filename="${name.replace('\0', '%00')}"\r\n\r\n${body}\r\n--cut--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=cut' };
    expect((await ask('PUT', '/api/loads', { headers, body: form })).status).toBeLessThan(500);
    expect(existsSync(target)).toBe(false);
  }
});

test('conditions, keys and filters of the shop are values and no SQL', async () => {
  const { ask, post, receive, checkout } = await serveShop();
  await receive('boston', 1, 9);
  await checkout('boston', 1, 'one');
  await post('/api/shop/sync', {});
  for (const attack of [
    "x' or '1'='1",
    '1; drop table orders',
    "a'||(select 1)||'=1",
    '$where=1',
    'details.$gt=',
    '") or 1=1 --',
  ]) {
    const text = encodeURIComponent(attack);
    for (const path of [
      `/api/shop/documents?where=${text}`,
      `/api/shop/documents?where=${encodeURIComponent(`details.a=${attack}`)}`,
      `/api/shop/documents?region=${text}`,
      `/api/shop/reports/sales?by=${text}`,
      `${REGIONS}/boston/orders?status=${text}`,
      `/api/shop/dead-letters/${text}`,
    ]) {
      const { status, body } = await ask('GET', path);
      const found = (body as { readonly documents?: readonly object[] }).documents?.length ?? 0;
      expect([path, found, status < 500]).toEqual([path, 0, true]);
    }
    expect((await ask('POST', `${REGIONS}/boston/checkouts/${text}/cancel`)).status).toBe(404);
  }
  expect(await ask('GET', '/api/shop/documents')).toMatchObject({ body: { documents: [{ id: 'one' }] } });
});

test('an order that is too large, too deep or too long is refused', async () => {
  const { post, receive } = await serveShop();
  await receive('boston', 1, 9);
  const order = { userId: 1, items: [{ productId: 1, quantity: 1 }] };
  const place = async (more: object, key = 'one') =>
    (await post(`${REGIONS}/boston/checkouts`, { ...order, ...more }, key)).status;
  expect(await place({ country: 'x'.repeat(2_000_000) })).toBe(413);
  expect(await place({ country: 'x'.repeat(1000) })).toBe(422);
  expect(await place({ details: { a: 'x'.repeat(100_000) } })).toBe(422);
  expect(await place({ details: JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`) })).toBe(422);
  expect(
    await place({ items: Array.from({ length: 1000 }, (_, index) => ({ productId: index + 1, quantity: 1 })) }),
  ).toBe(422);
  expect(await place({}, 'k'.repeat(1000))).toBe(400);
});
