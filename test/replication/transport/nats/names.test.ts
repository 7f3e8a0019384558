/** Subjects and message ids: written and read back. */
import { expect, test } from '@jest/globals';
import {
  epochSubject,
  eventSubject,
  messageId,
  readEpochSubject,
  readSubject,
  seqOfMessageId,
  streamName,
} from '../../../../src/replication/transport/nats/names.ts';

test('the subject of an event', () => {
  expect(eventSubject('new-york', 12, { aggregate: 'order', type: 'snapshot-completed' })).toBe(
    'evt.new-york.12.order.snapshot-completed',
  );
});

test.each(['placed', 'a.b', '*', '>', 'two words', 'Îles', "it's (so)!", '%2E', '_x-9', '\u{1F6A2}'])(
  'a type %p comes back',
  (type) => {
    const subject = eventSubject('boston', 1, { aggregate: type, type });
    expect(subject).toMatch(/^evt\.boston\.1\.[\w%-]+\.[\w%-]+$/);
    expect(readSubject(subject)).toEqual({ region: 'boston', epoch: 1, aggregate: type, type });
  },
);

test.each([
  'evt.boston.1.order',
  'evt.boston.0.order.placed',
  'evt.boston.x.order.placed',
  'evt.boston.1000000000000000.order.placed',
  'other',
  'evt.Bo.1.a.b.c',
  // no region can have such a name
  'evt.-boston.1.order.placed',
  'evt.boston-.1.order.placed',
  `evt.${'b'.repeat(200)}.1.order.placed`,
])('%p is no subject of an event', (subject) => {
  expect(readSubject(subject)).toBeUndefined();
});

test('an encoding of another program in a subject is kept as it is', () => {
  expect(readSubject('evt.boston.1.order.%E0%A4%A')).toMatchObject({ type: '%E0%A4%A' });
});

test('the subjects of a stream contain its region and epoch', () => {
  expect(readEpochSubject([epochSubject('new-york', 3)])).toEqual({ region: 'new-york', epoch: 3 });
  expect(readEpochSubject(['evt.>'])).toBeUndefined();
  expect(readEpochSubject([epochSubject('a', 1), epochSubject('b', 1)])).toBeUndefined();
  expect(readEpochSubject([])).toBeUndefined();
  expect(readEpochSubject([epochSubject('-boston-', 1)])).toBeUndefined();
});

test('a message id contains the sequence number and the id of its event', () => {
  const id = messageId('new-york', 3, { seq: 77, eventId: '0199-a_b' });
  expect(id).toBe('new-york:3:77:0199-a_b');
  expect(seqOfMessageId(id)).toBe(77);
  expect(messageId('new-york', 3, { seq: 77, eventId: 'another' })).not.toBe(id);
  expect(seqOfMessageId(messageId('new-york', 3, { seq: 78, eventId: 'a b:\n' }))).toBe(78);
  // of a relay of before
  expect(seqOfMessageId('new-york:3:77')).toBe(77);
  for (const other of ['', '77', 'boston:1:0', 'boston:1:x', 'boston:1:1:', 'boston:1:1:a:b', 'boston:1:1:a b']) {
    expect(seqOfMessageId(other)).toBeUndefined();
  }
});

test('a stream has a name of its own', () => {
  expect(streamName('new-york', 3, 'x')).toBe('meridian-new-york-3-x');
});
