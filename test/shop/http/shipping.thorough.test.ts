/** What the page asks of regions and central: their states, a region that is disconnected, dead letters and differences. */
import { expect, test } from '@jest/globals';
import { centralState, documentStoreReader } from '../../../src/shop/http/central-states.ts';
import { REGIONS, serveShop } from '../../support/served-shop.ts';
import { until } from '../../support/until.ts';

test('a server that ships sends what a region sells, and what it sold while it was disconnected', async () => {
  const { ask, post, receive, checkout } = await serveShop();
  expect(await centralState()).toEqual({ isThere: false, regions: {}, waitingDocuments: 0, refusedDocuments: 0 });
  await receive('boston', 1, 50);
  expect(await post('/api/shop/shipping', { isOn: true })).toMatchObject({ body: { isOn: true, error: null } });
  const applied = async () => (await centralState()).regions['boston']?.seq ?? 0;
  await until('the delivery is in central', async () => (await applied()) === 1);

  expect(await ask('POST', `${REGIONS}/boston/disconnect`)).toMatchObject({ body: { isDisconnected: true } });
  await checkout('boston', 2, 'order-1');
  const regions = async () =>
    (await ask('GET', REGIONS)).body as unknown as {
      readonly regions: { readonly boston: { readonly relay: string; readonly lastError: string | null } };
      readonly shipping: object;
    };
  await until('the relay fails', async () => (await regions()).regions.boston.relay === 'failing');
  expect(await regions()).toMatchObject({
    regions: { boston: { isDisconnected: true, lastError: expect.stringContaining('is disconnected from central') } },
    shipping: { isOn: true },
  });
  expect(await post('/api/shop/sync', { regions: ['boston'] })).toMatchObject({
    status: 503,
    body: { regions: { boston: { shipped: 0, error: expect.stringContaining('Reconnect it') } } },
  });
  expect(await applied()).toBe(1);
  expect(await ask('POST', `${REGIONS}/boston/reconnect`)).toMatchObject({ body: { isDisconnected: false } });
  await until('everything is in central', async () => (await applied()) > 1);
  await until('the document is in its store', async () => {
    const { store } = (await documentStoreReader()()) as { readonly store: { readonly documents: number | null } };
    return store.documents === 1;
  });
  expect(await post('/api/shop/shipping', { isOn: false })).toMatchObject({ body: { isOn: false } });
  expect(await ask('GET', '/api/shop/compare')).toMatchObject({ body: { isEqual: true } });
});

test('a dead letter says what a retry would change; a difference has both rows', async () => {
  const { ask, post, receive, checkout, execute } = await serveShop();
  await receive('boston', 1, 50);
  await checkout('boston', 2, 'order-1');
  const payload = `replace(payload, '"quantity":2', '"quantity":-2')`;
  await execute('orders.boston', `update outbox_event set payload = ${payload} where aggregate = 'order'`);
  await post('/api/shop/sync', { regions: ['boston'] });
  const preview = () => ask('POST', '/api/shop/dead-letters/1/preview');
  expect(await preview()).toMatchObject({
    status: 200,
    body: {
      aggregate: 'order',
      aggregateId: 1,
      result: 'refused',
      reason: expect.stringContaining('Quantity must be positive'),
      central: null,
      after: null,
      region: { id: 1, quantity: 2 },
    },
  });
  expect(await ask('GET', '/api/shop/compare')).toMatchObject({
    body: {
      regions: {
        boston: {
          differences: 1,
          rows: [{ aggregate: 'order', id: 1, region: { quantity: 2 }, central: null }],
        },
      },
    },
  });
  await execute('central', `update dead_letter set event = replace(event, ':-2', ':2')`);
  for (const _ of ['once', 'again']) {
    expect(await preview()).toMatchObject({
      body: { result: 'applied', reason: null, central: null, after: { id: 1, quantity: 2, country: null } },
    });
  }
  expect((await centralState()).regions['boston']).toMatchObject({ deadLetters: 1 });
  expect(await ask('POST', '/api/shop/dead-letters/1/retry')).toMatchObject({ body: { result: 'applied' } });
  await execute('central', `update order_fact set quantity = 7`);
  expect(await ask('GET', '/api/shop/compare')).toMatchObject({
    body: { regions: { boston: { rows: [{ id: 1, region: { quantity: 2 }, central: { quantity: 7 } }] } } },
  });
  expect(await ask('POST', '/api/shop/dead-letters/9/preview')).toMatchObject({ status: 404 });
});
