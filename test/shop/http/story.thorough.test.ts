/** The shop over HTTP alone: orders in two regions, one of them cut off for a while, and what central and the documents know of them. */
import { expect, test } from '@jest/globals';
import { REGIONS, serveShop } from '../../support/served-shop.ts';

test('regions trade while one is cut off, and central catches up', async () => {
  const { ask, post, receive, checkout } = await serveShop();
  await Promise.all([receive('boston', 1, 100), receive('denver', 1, 100)]);
  const place = (region: string, from: number) =>
    Promise.all(Array.from({ length: 5 }, (_, index) => checkout(region, 1, `${region}-${from + index}`)));
  await Promise.all([place('boston', 0), place('denver', 0)]);
  expect(await post('/api/shop/sync', {})).toMatchObject({ status: 200, body: { isComplete: true } });
  const relay = (verb: string) => ask('POST', `${REGIONS}/denver/relay/${verb}`);
  expect(await relay('pause')).toMatchObject({ status: 200, body: { region: 'denver', paused: true } });
  await Promise.all([place('boston', 5), place('denver', 5)]);
  expect(await post('/api/shop/sync', { regions: ['boston', 'denver'] })).toMatchObject({
    body: { regions: { denver: { paused: true, shipped: 0 } } },
  });
  const sales = () => ask('GET', '/api/shop/reports/sales?by=region');
  expect(await sales()).toMatchObject({
    body: {
      rows: [
        { region: 'boston', orders: 10 },
        { region: 'denver', orders: 5 },
      ],
      incomplete: [expect.stringContaining('denver')],
    },
  });
  expect(await ask('GET', REGIONS)).toMatchObject({
    body: { regions: { boston: { orders: 10, unshipped: 0 }, denver: { relay: 'paused' }, seattle: null } },
  });
  expect(await relay('resume')).toMatchObject({ body: { paused: false } });
  await post('/api/shop/sync', {});
  expect(await sales()).toMatchObject({ body: { rows: [{ orders: 10 }, { orders: 10 }], incomplete: [] } });
  const csv = await ask('GET', '/api/shop/reports/sales?by=region&format=csv');
  expect([csv.headers['content-type'], csv.headers['meridian-incomplete']]).toEqual(['text/csv; charset=utf-8', '0']);
  expect(String(csv.body)).toBe('region,orders,units,revenue\r\nboston,10,10,15.00\r\ndenver,10,10,15.00\r\n');
  expect(await ask('GET', '/api/shop/compare')).toMatchObject({
    body: { isEqual: true, regions: { boston: { differences: 0 }, denver: { differences: 0 } } },
  });
  for (const name of ['products', 'stock', 'lag']) {
    expect(await ask('GET', `/api/shop/reports/${name}`)).toMatchObject({
      status: 200,
      body: { incomplete: [] },
    });
  }
  expect(await ask('GET', '/api/shop/dead-letters')).toMatchObject({ body: { deadLetters: [] } });
  expect(await ask('GET', '/api/shop/dead-letters/1')).toMatchObject({ status: 404 });
  expect(await ask('POST', '/api/shop/dead-letters/1/retry')).toMatchObject({ status: 404 });
  expect(await ask('GET', '/api/shop/dead-letters?region=nowhere')).toMatchObject({ status: 404 });
  expect(await post('/api/shop/resend', { regions: ['denver'] })).toMatchObject({ body: { isComplete: true } });
  expect(await ask('POST', '/api/shop/central/rebuild')).toMatchObject({ status: 200 });
  expect(await post('/api/shop/sync', { regions: ['nowhere'] })).toMatchObject({ status: 404 });
});

test('documents and components are read and set', async () => {
  const { ask, post, receive } = await serveShop();
  await receive('boston', 1, 10);
  await post(
    `${REGIONS}/boston/checkouts`,
    { userId: 2, items: [{ productId: 1, quantity: 1 }], details: { gift: { wrap: true } } },
    'gift',
  );
  await post('/api/shop/sync', {});
  const find = (query: string) => ask('GET', `/api/shop/documents?${query}`);
  expect(await find('where=details.gift.wrap%3Dtrue&product=1&user=2')).toMatchObject({
    body: { documents: [{ id: 'gift', region: 'boston', total: '1.50' }], notes: [] },
  });
  expect(await find('where=%5B"details.gift.wrap%3Dfalse"%5D')).toMatchObject({ body: { documents: [] } });
  expect(await find('where=%5B')).toMatchObject({ status: 400 });
  expect(await find('region=nowhere')).toMatchObject({ status: 404 });
  expect(await ask('GET', '/api/shop/documents/status')).toMatchObject({
    body: { store: { isThere: true, documents: 1, error: null } },
  });
  const components = '/api/shop/products/3/components';
  const set = (body: object) => ask('PUT', components, { body });
  expect(await set({ components: [{ productId: 1, quantity: 2 }] })).toMatchObject({ body: { isChanged: true } });
  expect(await set({ components: [{ productId: 3, quantity: 1 }] })).toMatchObject({ status: 422 });
  await post('/api/shop/sync', {});
  expect(await ask('GET', `${components}?quantity=5`)).toMatchObject({
    body: { name: 'Set', parts: [{ productId: 1, name: 'Pen', quantity: 10 }] },
  });
  expect(await ask('GET', '/api/shop/products/1/uses')).toMatchObject({
    body: { uses: [{ productId: 3, inAll: 2 }] },
  });
});
