/** The whole story over a socket, with nothing but HTTP: a token, dirty files, a correction, regions that trade, an outage, a comparison, a report. */
import { expect, test } from '@jest/globals';
import { REGIONS, serveShop } from '../../support/served-shop.ts';

type Json = Readonly<Record<string, unknown>>;

interface Got<Body> {
  readonly status: number;
  readonly type: string | null;
  readonly body: Body;
}

const CSV = 'text/csv';

/** Asks with a token, where there is one. Text is sent as CSV. */
function asker(url: string, token?: string) {
  return async <Body = Json>(method: string, path: string, given?: Json | string, key?: string): Promise<Got<Body>> => {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(given === undefined ? {} : { 'content-type': typeof given === 'string' ? CSV : 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const body = given === undefined || typeof given === 'string' ? given : JSON.stringify(given);
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const type = answer.headers.get('content-type');
    const text = await answer.text();
    return {
      status: answer.status,
      type,
      body: (type?.includes('json') && !type.includes('ndjson') ? JSON.parse(text) : text) as Body,
    };
  };
}

test('from a token to a report', async () => {
  const { server } = await serveShop();
  const url = await server.listen(0);

  // 1. a token, and what it may
  const made = await asker(url)<{ token: string }>('POST', '/api/tokens', { role: 'operate', name: 'deploy' });
  expect(made.status).toBe(201);
  const ask = asker(url, made.body.token);
  expect(await asker(url, `${made.body.token}x`)('GET', REGIONS)).toMatchObject({ status: 401 });
  expect(await ask('GET', '/api/audit')).toMatchObject({ status: 403, body: { code: 'forbidden' } });

  // 2. dirty files
  const load = async (table: string, csv: string) => {
    const { status, body } = await ask<{ run: string; events: string }>('PUT', `/api/loads?table=${table}`, csv);
    expect(status).toBe(202);
    expect((await ask('GET', body.events)).type).toContain('text/event-stream');
    return `/api/loads/${body.run}`;
  };
  await load('products', 'id,name,price\n11,Lamp,20.00\n12,Desk,cheap\n');
  const users = await load('users', 'id,name,email\n11,Carol,carol@example.com\n12,Dave,dave\n,Eve,eve@example.com\n');
  expect(await ask('GET', users)).toMatchObject({ body: { tables: { users: { read: 3, inserted: 1, rejected: 2 } } } });

  // 3. a reject, found by its reason and corrected
  const { body: reasons } = await ask<{ tables: { users: Json[] } }>('GET', `${users}/rejects/reasons`);
  expect(reasons.tables.users).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ property: 'email', examples: [expect.objectContaining({ number: 2, value: 'dave' })] }),
    ]),
  );
  const records = [{ number: 2, record: { id: 12, name: 'Dave', email: 'dave@example.com' } }];
  const retried = await ask<{ events: string }>('POST', `${users}/retry`, { table: 'users', records });
  expect(retried.status).toBe(202);
  await ask('GET', retried.body.events);
  expect(await ask('GET', '/api/databases/users/user/12')).toMatchObject({ status: 200, body: { name: 'Dave' } });
  expect((await ask<string>('GET', `${users}/rejects`)).body.trim().split('\n')).toHaveLength(1);

  // 4. orders in two regions at once
  for (const region of ['boston', 'denver']) {
    expect((await ask('POST', REGIONS, { name: region })).status).toBeLessThan(300);
    const delivery = { productId: 11, quantity: 8 };
    expect(await ask('POST', `${REGIONS}/${region}/deliveries`, delivery, `${region} 1`)).toMatchObject({
      status: 201,
    });
  }
  const order = (region: string, key: string, userId = 12) =>
    ask(
      'POST',
      `${REGIONS}/${region}/checkouts`,
      { userId, items: [{ productId: 11, quantity: 2 }] },
      `${region} ${key}`,
    );
  const both = (key: string) =>
    Promise.all(['boston', 'denver'].flatMap((region) => [order(region, `${key} a`), order(region, `${key} b`)]));
  expect((await both('first')).map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(await order('boston', 'of nobody', 13)).toMatchObject({ status: 422 });
  expect(await ask('POST', '/api/shop/sync', {})).toMatchObject({ status: 200, body: { isComplete: true } });

  // 5. one of them is cut off, and goes on selling
  expect(await ask('POST', `${REGIONS}/denver/disconnect`)).toMatchObject({
    status: 200,
    body: { isDisconnected: true },
  });
  expect((await both('second')).map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(await order('denver', 'beyond its stock')).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await ask('POST', '/api/shop/sync', {})).toMatchObject({
    status: 503,
    body: { isComplete: false, regions: { denver: { error: expect.stringContaining('disconnected') } } },
  });
  const sales = () => ask('GET', '/api/shop/reports/sales?by=region');
  expect(await sales()).toMatchObject({
    body: {
      rows: [
        { region: 'boston', orders: 4 },
        { region: 'denver', orders: 2 },
      ],
      incomplete: [expect.stringContaining('denver')],
    },
  });

  // 6. it is back: both are equal, and so is the report
  expect(await ask('POST', `${REGIONS}/denver/reconnect`)).toMatchObject({ body: { isDisconnected: false } });
  expect(await ask('POST', '/api/shop/sync', {})).toMatchObject({ status: 200, body: { isComplete: true } });
  expect(await ask('GET', '/api/shop/compare')).toMatchObject({
    body: { isEqual: true, regions: { boston: { differences: 0 }, denver: { differences: 0 } } },
  });
  expect(await sales()).toMatchObject({ body: { rows: [{ orders: 4 }, { orders: 4 }], incomplete: [] } });
  expect(await ask('GET', '/api/shop/reports/sales?by=region&format=csv')).toMatchObject({
    type: expect.stringContaining(CSV),
    body: 'region,orders,units,revenue\r\nboston,4,8,160.00\r\ndenver,4,8,160.00\r\n',
  });

  // 7. who did it
  const { body: log } = await asker(url)<{ records: Json[] }>('GET', '/api/audit?limit=100');
  const placed = log.records.filter(({ operation, status }) => operation === 'placeOrder' && status === 201);
  expect(placed).toHaveLength(8);
  for (const { actor } of placed) {
    expect(actor).toMatchObject({ name: 'deploy', role: 'operate' });
  }
});
