/** Events as messages, and messages that are not events. */
import { expect, test } from '@jest/globals';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import fc from 'fast-check';
import { envelopeProblem } from '../../../../src/replication/events/envelope.ts';
import { MAX_EPOCH } from '../../../../src/replication/events/epoch.ts';
import { readMessage, toMessage } from '../../../../src/replication/transport/nats/message.ts';
import type { ShippedEvent } from '../../../../src/replication/transport/transport.ts';
import { depth } from '../../../support/depth.ts';
import { oddText } from '../../../support/odd-values.ts';
import { batchOf, orderAt } from '../../../support/shipped.ts';

const batch = batchOf([orderAt(7), orderAt(8), orderAt(9)], { region: 'new-york', epoch: 4, headSeq: 20 });

test('an event comes back as it was', () => {
  batch.events.forEach((event, index) => {
    const message = toMessage(batch, index, 'stream', true);
    expect(readMessage(message.subject, message.headers, () => message.payload)).toEqual({
      region: 'new-york',
      epoch: 4,
      headSeq: 20,
      left: 2 - index,
      event,
    });
  });
});

test('whatever the contract of the envelope accepts comes back as it was', () => {
  const whole = fc.oneof(fc.integer({ min: 1, max: 99 }), fc.constantFrom(1, Number.MAX_SAFE_INTEGER));
  const text = fc.oneof(oddText, fc.stringMatching(/^[a-z.*> %-]{1,20}$/));
  const fields = fc.record({
    eventId: text,
    aggregate: text,
    type: text,
    seq: whole,
    aggregateId: whole,
    aggregateVersion: whole,
  });
  let accepted = 0;
  fc.assert(
    fc.property(fields, (given) => {
      const event: ShippedEvent = { ...orderAt(1), ...given };
      if (envelopeProblem(event) !== undefined) {
        return;
      }
      accepted++;
      const { subject, headers: own, payload } = toMessage(batchOf([event], { epoch: MAX_EPOCH }), 0, 'stream', true);
      expect(readMessage(subject, own, () => payload)).toMatchObject({ region: 'boston', epoch: MAX_EPOCH, event });
    }),
    { numRuns: depth(500, 5000) },
  );
  expect(accepted).toBeGreaterThan(20);
});

test('what the epoch builds on comes with every event', () => {
  const base = { epoch: 3, seq: 10, headSeq: 13 };
  const message = toMessage({ ...batch, base }, 1, 'stream', true);
  expect(readMessage(message.subject, message.headers, () => message.payload)).toMatchObject({ base, left: 1 });
});

test('each message names the one before it, except the first of a chain', () => {
  const follows = (index: number, isChained: boolean) =>
    toMessage(batch, index, 'stream', isChained).headers.get('Nats-Expected-Last-Msg-Id');
  const first = `new-york:4:7:${batch.events[0]?.eventId}`;
  expect([follows(0, true), follows(1, true), follows(2, false)]).toEqual(['', first, '']);
  expect(toMessage(batch, 0, 'stream', false).headers.get('Nats-Expected-Stream')).toBe('stream');
});

test('messages that no relay has published are not read', () => {
  const { subject, headers: own } = toMessage(batch, 0, 'stream', true);
  const read = (...of: Parameters<typeof readMessage>) => readMessage(...of);
  expect(read('elsewhere', own, () => '')).toBeUndefined();
  expect(read(subject, undefined, () => '')).toBeUndefined();
  expect(read(subject, headers(), () => '')).toBeUndefined();
  expect(read(`${subject.replace('placed', 'pl%00aced')}`, own, () => '')).toBeUndefined();
  const inexact = headers();
  inexact.append('Nats-Msg-Id', 'new-york:4:9999999999999999');
  inexact.append('Meridian-Event', own.get('Meridian-Event'));
  expect(read(subject, inexact, () => '')).toBeUndefined();
  expect(read(subject, own, () => '')).toBeDefined();
});

test.each([
  'id 1 many 1 2026-11-21T12:00:00.000Z 20 0',
  'id 1 5 1 yesterday 20 0',
  'id 1 5 1 2026-11-21T12:00:00.000Z 20 0 3:10',
  'id 1 5 1 2026-11-21 20 0',
  ' 1 5 1 2026-11-21T12:00:00.000Z 20 0',
  'i\u0000d 1 5 1 2026-11-21T12:00:00.000Z 20 0',
  `${'d'.repeat(101)} 1 5 1 2026-11-21T12:00:00.000Z 20 0`,
])('%j is not an event', (header) => {
  const { subject } = toMessage(batch, 0, 'stream', true);
  // as it comes over the line: a client does not let others write everything
  const broken = { get: (name: string) => (name === 'Meridian-Event' ? header : 'new-york:4:7') } as MsgHdrs;
  expect(readMessage(subject, broken, () => '')).toBeUndefined();
});
