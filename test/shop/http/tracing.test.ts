/** OpenTelemetry's spans from a checkout to central within one process, and what becomes of errors. */
import { expect, test } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { serveShop } from '../../support/served-shop.ts';
import { recordSpans } from '../../support/spans.ts';
import { expectTracedCheckout } from '../../support/traced-checkout.ts';

test('central links what it applies to the request that has placed the order', async () => {
  await expectTracedCheckout(await serveShop());
});

test('a request that is refused is no fault of the server', async () => {
  const shop = await serveShop();
  const spans = recordSpans();
  expect(await shop.checkout('boston', 1, 'of nothing')).toMatchObject({ status: 409 });
  expect(spans.named('POST /api/shop/regions/{region}/checkouts')).toMatchObject([
    { attributes: { 'http.response.status_code': 409 }, status: { code: SpanStatusCode.UNSET } },
  ]);
  await shop.execute('orders.boston', 'drop table stock');
  expect(await shop.checkout('boston', 1, 'of no table')).toMatchObject({ status: 503 });
  expect(spans.named('POST /api/shop/regions/{region}/checkouts').at(-1)).toMatchObject({
    attributes: { 'http.response.status_code': 503 },
    status: { code: SpanStatusCode.ERROR },
  });
});
