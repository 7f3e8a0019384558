/** The contract of an event around its payload. */
import { expect, test } from '@jest/globals';
import { envelopeProblem, type GivenEvent, MAX_PAYLOAD_BYTES } from '../../../src/replication/events/envelope.ts';
import { standInFor } from '../../../src/replication/events/stand-in.ts';
import { readEvent } from '../../../src/replication/inbox/read-event.ts';
import { centralProjection } from '../../../src/shop/central/projection.ts';
import { checkoutAt, completedAt, orderAt, stockAt } from '../../support/shipped.ts';

const BOSTON = { region: 'boston', epoch: 1 };

test.each([orderAt(1), stockAt(2), checkoutAt(3), completedAt(4, 1), orderAt(5, {}, { eventId: 'boston 5' })])(
  'an event of a region keeps the contract: $aggregate',
  (event) => {
    expect(envelopeProblem(event)).toBeUndefined();
    expect(readEvent(centralProjection, BOSTON, event)).not.toMatchObject({ kind: 'unreadable' });
  },
);

const LONG = 'x'.repeat(101);

test.each<[Partial<Record<keyof GivenEvent, unknown>>, RegExp]>([
  [{ eventId: '' }, /^event id "" has to be text of 1 to 100 characters/],
  [{ eventId: LONG }, /^event id "x{60}…" has to be text/],
  [{ eventId: 'a\u0000b' }, /^event id "a\\u0000b" has to be text/],
  [{ eventId: Buffer.from('blob') }, /^event id "blob" has to be text/],
  [{ aggregate: '' }, /^aggregate ""/],
  [{ aggregate: 'order\n' }, /^aggregate "order\\n"/],
  [{ type: LONG }, /^type "x/],
  [{ type: '\ud800' }, /^type "\\ud800"/],
  [{ schemaVersion: 0 }, /^schema version "0" has to be a whole number from 1 to/],
  [{ aggregateId: 'seven' }, /^aggregate id "seven" has to be a whole number/],
  [{ aggregateId: 1.5 }, /^aggregate id "1.5"/],
  [{ aggregateVersion: 2 ** 53 }, /^version "9007199254740992"/],
  [
    { occurredAt: '2026-01-01 00:00:00' },
    /^time "2026-01-01 00:00:00" has to be UTC, written as 2026-01-31T12:00:00.000Z$/,
  ],
  [{ occurredAt: '2026-02-30T00:00:00.000Z' }, /^time "2026-02-30/],
  [{ occurredAt: null }, /^time "null"/],
  [{ payload: 'é'.repeat(MAX_PAYLOAD_BYTES / 2 + 1) }, /^the payload has 131,074 bytes, and can have at most 131,072$/],
  [{ payload: null, payloadBytes: 600_000_000 }, /^the payload has 600,000,000 bytes/],
  [{ payload: Buffer.from('{}') }, /^the payload is not text$/],
])('%p breaks the contract', (change, problem) => {
  const given = { ...orderAt(1), ...change } as GivenEvent;
  expect(envelopeProblem(given)).toMatch(problem);
  const standIn = standInFor(given, 7, 'unreadable-12', envelopeProblem(given) ?? '');
  // it goes as any event does, and central says what was wrong with the one that it stands for
  expect(envelopeProblem(standIn)).toBeUndefined();
  expect(standIn).toMatchObject({ seq: 7, aggregate: 'unreadable' });
  expect(standIn.payload.length).toBeLessThan(10_000);
  expect(readEvent(centralProjection, BOSTON, standIn)).toEqual({
    kind: 'unreadable',
    error: expect.stringMatching(problem),
  });
});

test('a stand-in keeps the event id when only another field is broken', () => {
  expect(standInFor({ ...orderAt(1), occurredAt: 'noon' }, 1, 'other', 'late').eventId).not.toBe('other');
  expect(standInFor({ ...orderAt(1), eventId: LONG }, 1, 'other', 'long').eventId).toBe('other');
});
