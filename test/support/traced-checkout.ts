/** One checkout, from the request to central: the spans that lead there, whatever transport is in between. */
import { expect } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { ServedShop } from './served-shop.ts';
import { linkedTo, recordSpans } from './spans.ts';
import { until } from './until.ts';

const CALLER = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
const CHECKOUT = 'POST /api/shop/regions/{region}/checkouts';

export async function expectTracedCheckout({ ask, receive, execute }: ServedShop): Promise<void> {
  await receive('boston', 1, 100);
  const spans = recordSpans();
  const place = (key: string, headers: Readonly<Record<string, string>> = {}) =>
    ask('POST', '/api/shop/regions/boston/checkouts', {
      headers: { ...headers, 'idempotency-key': key },
      body: { userId: 1, items: [{ productId: 1, quantity: 1 }] },
    });
  // together, so that one of them commits for both
  const placed = await Promise.all([
    place('of the caller', { traceparent: `00-${CALLER.trace}-${CALLER.span}-01` }),
    place('another'),
    place('of a caller who records nothing', { traceparent: `00-${CALLER.trace.replace('0', '1')}-${CALLER.span}-00` }),
  ]);
  expect(placed.map(({ status }) => status)).toEqual([201, 201, 201]);
  const requests = spans.named(CHECKOUT);
  const ofCaller = requests.find(({ parentSpanContext }) => parentSpanContext?.spanId === CALLER.span) as ReadableSpan;
  expect(ofCaller.spanContext().traceId).toBe(CALLER.trace);
  expect(ofCaller.attributes).toMatchObject({ 'http.response.status_code': 201, 'http.request.method': 'POST' });
  const other = requests.find((span) => span !== ofCaller) as ReadableSpan;
  expect(requests).toEqual([ofCaller, other].toSorted((a, b) => requests.indexOf(a) - requests.indexOf(b)));

  // a row of another program: what it says counts, whatever it calls its span
  await execute(
    'orders.boston',
    "update outbox_event set traceparent = 'of mine' where aggregate = 'stock' and type = 'sold'",
  );
  expect(await ask('POST', '/api/shop/sync', { body: {} })).toMatchObject({ status: 200, body: { isComplete: true } });

  const ids = [ofCaller, other].map((span) => span.spanContext().spanId).toSorted();
  const linked = (name: string) => spans.named(name).filter(({ links }) => links.length > 0);
  await until('central has applied it', () => linked('apply boston').length > 0);
  for (const name of ['publish boston', 'apply boston']) {
    expect(linked(name).map((span) => linkedTo(span).toSorted())).toEqual([ids]);
    expect(linked(name)[0]?.links.map((link) => link.context.traceId)).toContain(CALLER.trace);
  }
  expect(spans.facts()).toEqual(
    expect.arrayContaining([
      {
        name: 'publish boston',
        kind: 'PRODUCER',
        attributes: expect.objectContaining({
          'messaging.operation.type': 'send',
          'messaging.destination.name': 'boston',
        }),
      },
      {
        name: 'apply boston',
        kind: 'CONSUMER',
        attributes: expect.objectContaining({ 'messaging.operation.type': 'process', 'meridian.epoch': 1 }),
      },
    ]),
  );
  expect(await ask('GET', '/api/shop/compare')).toMatchObject({ body: { isEqual: true } });
  expect(await ask('GET', '/api/shop/dead-letters')).toMatchObject({ body: { deadLetters: [] } });
}
