/** Checkouts over HTTP, and who may call the routes of the shop. */
import { expect, test } from '@jest/globals';
import { shop } from '../../../src/shop/cli/shop.module.ts';
import { sqlitePlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { bearer, serve } from '../../support/served.ts';
import { REGIONS, serveShop } from '../../support/served-shop.ts';

test('a checkout is placed once, whatever is sent again', async () => {
  const { ask, post, receive, checkout } = await serveShop();
  expect(await receive('boston', 1, 5)).toMatchObject({ status: 201, body: { onHand: 5, unitPrice: '1.50' } });
  expect(
    await post(`${REGIONS}/boston/checkouts`, { userId: 1, items: [{ productId: 1, quantity: 1 }] }),
  ).toMatchObject({ status: 400, body: { detail: expect.stringContaining('Idempotency-Key') } });
  const answers = await Promise.all([1, 2, 3].map(() => checkout('boston', 2, 'one')));
  expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  expect(answers.filter(({ headers, status }) => status === 201 && !('idempotency-replayed' in headers))).toHaveLength(
    1,
  );
  expect(await checkout('boston', 2, 'one')).toMatchObject({
    status: 201,
    headers: { 'idempotency-replayed': 'true' },
    body: { key: 'one', total: '3.00', status: 'confirmed', isRepeated: true },
  });
  expect(await checkout('boston', 3, 'one')).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('for something else') },
  });
  expect(await checkout('boston', 9, 'two')).toMatchObject({
    status: 409,
    body: { code: 'conflict', errors: [{ property: 'items', code: 'out-of-stock' }] },
  });
  expect(await checkout('boston', 1, 'three', 99)).toMatchObject({
    status: 422,
    body: { errors: [{ property: 'userId', code: 'unknown-user', message: 'User 99 does not exist' }] },
  });
  expect(await checkout('boston', 0, 'four')).toMatchObject({ status: 422 });
  expect(await checkout('nowhere', 1, 'five')).toMatchObject({ status: 404 });
  expect(await ask('GET', '/api/shop/stock?region=boston')).toMatchObject({
    body: { stock: [{ region: 'boston', productId: 1, onHand: 3 }], unreadable: [] },
  });
  expect(await post(`${REGIONS}/boston/checkouts/one/cancel`, {})).toMatchObject({ status: 415 });
  const cancel = (path: string) => ask('POST', `${REGIONS}/boston/${path}/cancel`);
  expect(await cancel('checkouts/one')).toMatchObject({
    status: 200,
    body: { cancellations: [{ orderId: 1, isCancelledNow: true, returned: 2 }] },
  });
  expect(await cancel('orders/1')).toMatchObject({ body: { cancellations: [{ isCancelledNow: false }] } });
  for (const path of ['orders/7', 'orders/x', 'checkouts/unknown']) {
    expect([path, (await cancel(path)).status]).toEqual([path, 404]);
  }
  expect(await ask('GET', `${REGIONS}/boston/orders?status=cancelled`)).toMatchObject({
    body: { orders: [{ id: 1, checkoutId: 'one' }] },
  });
});

test('every route of the shop needs a token where one is required, and a role that is strong enough', async () => {
  const place = sqlitePlace(makeFolder());
  const read = await (await serve(place, [])).token('read');
  const guarded = await serve(place, [], { modules: [shop], requiresToken: true });
  const { paths } = (await guarded.ask('GET', '/openapi.json', { headers: bearer(read) })).body;
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/shop/') || path.startsWith('/api/loads'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })));
  expect(operations.length).toBeGreaterThan(30);
  for (const { path, method } of operations) {
    const url = path.replaceAll(/\{\w+\}/g, '1');
    expect([method, path, (await guarded.ask(method, url)).status]).toEqual([method, path, 401]);
    if (method !== 'GET') {
      const weak = await guarded.ask(method, url, { headers: bearer(read) });
      expect([method, path, weak.status]).toEqual([method, path, 403]);
    }
  }
});

test('how a region is refused that does not exist is described, wherever one can be named', async () => {
  const { ask, post, receive, checkout } = await serveShop();
  // central and documents are there
  await receive('boston', 1, 1);
  await checkout('boston', 1, 'one');
  await post('/api/shop/sync', {});
  const { paths } = (await ask('GET', '/openapi.json')).body as unknown as {
    readonly paths: Record<string, Record<string, { parameters: { name: string; in: string }[]; responses: object }>>;
  };
  const named = Object.entries(paths).filter(([, { get }]) =>
    get?.parameters.some((one) => one.name === 'region' && one.in === 'query'),
  );
  expect(named.length).toBeGreaterThan(3);
  for (const [path, { get }] of named) {
    const { status } = await ask('GET', `${path}?region=nowhere`);
    expect([400, 404]).toContain(status);
    expect([path, Object.keys(get?.responses ?? {})]).toEqual([path, expect.arrayContaining([String(status)])]);
  }
});
