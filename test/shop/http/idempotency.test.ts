import { expect, test } from '@jest/globals';
import { Keys, replayHeaders } from '../../../src/shop/http/idempotency.ts';

const headers = (key: string) => ({ 'idempotency-key': key });

test('a key is used by one request at a time in a region', async () => {
  const keys = new Keys();
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = keys.use('boston', headers('k'), () => promise);
  await expect(keys.use('boston', headers('"k"'), () => promise)).rejects.toMatchObject({
    status: 409,
    headers: { 'retry-after': '1' },
  });
  await expect(keys.use('denver', headers('k'), async (key) => key)).resolves.toBe('k');
  resolve('done');
  await expect(first).resolves.toBe('done');
  await expect(keys.use('boston', headers('k'), async (key) => key)).resolves.toBe('k');
});

test('a request without a key that can be kept is refused', async () => {
  const keys = new Keys();
  for (const given of [{}, headers(''), headers('  '), headers('x'.repeat(101)), headers('a\u0000b')]) {
    await expect(keys.use('boston', given, async () => 1)).rejects.toMatchObject({ status: 400, code: 'usage' });
  }
  expect([replayHeaders(true), replayHeaders(false)]).toEqual([{ 'idempotency-replayed': 'true' }, {}]);
});
