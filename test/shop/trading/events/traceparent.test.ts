/** Events that name the span of their change are read by versions that know nothing of it, and the other way round. */
import { describe, expect, test } from '@jest/globals';
import { readEvent } from '../../../../src/replication/inbox/read-event.ts';
import { readMessage, toMessage } from '../../../../src/replication/transport/nats/message.ts';
import type { ShippedEvent } from '../../../../src/replication/transport/transport.ts';
import { centralProjection } from '../../../../src/shop/central/projection.ts';
import { batchOf, checkoutAt, completedAt, orderAt, stockAt } from '../../../support/shipped.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe.each([orderAt(1), stockAt(2), checkoutAt(3), completedAt(4, 1)])(
  'an event about a thing of kind $aggregate',
  (event) => {
    const traced: ShippedEvent = { ...event, traceparent };

    test('means the same with it', () => {
      const origin = { region: 'boston', epoch: 1 };
      const reading = readEvent(centralProjection, origin, event);
      expect(reading).toMatchObject({ kind: 'readable' });
      expect(readEvent(centralProjection, origin, traced)).toEqual(reading);
    });

    test('is the same message with it, but for one header', () => {
      const [plain, message] = [event, traced].map((one) => toMessage(batchOf([one]), 0, 'stream', true));
      const headersOf = (one: typeof plain) => [...(one?.headers ?? [])].map(([name, values]) => [name, ...values]);
      expect(headersOf(message)).toEqual([...headersOf(plain), ['traceparent', traceparent]]);
      expect([message?.subject, message?.payload]).toEqual([plain?.subject, plain?.payload]);
    });

    test.each([[event], [traced]])('comes back as it was', (given) => {
      const { subject, headers, payload } = toMessage(batchOf([given]), 0, 'stream', true);
      expect(readMessage(subject, headers, () => payload)?.event).toEqual(given);
    });
  },
);

test.each([
  ['nothing', ''],
  ['another version', traceparent.replace('00-', '01-')],
  ['no trace', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
  ['no span', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
  ['more', `${traceparent}-x`],
  ['something else', 'a header of mine'],
])('a header that says %s is left out', (_, header) => {
  const event = orderAt(1);
  const { subject, headers, payload } = toMessage(batchOf([event]), 0, 'stream', true);
  headers.set('traceparent', header);
  expect(readMessage(subject, headers, () => payload)?.event).toEqual(event);
});
