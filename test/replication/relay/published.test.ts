/** The sequence number after which publishing goes on: events that the transport shows, or central has, are not published again. */
import { expect, test } from '@jest/globals';
import { findStoredAndPosition, UNKNOWN } from '../../../src/replication/relay/position.ts';
import { publishedUpTo } from '../../../src/replication/relay/published.ts';

const at = (seq: number, epoch = 1) => ({ epoch, seq, headSeq: seq, eventId: 'x' });
const state = { epoch: 1, ackedSeq: 100, publishedSeq: 1000 };

test.each([
  ['all that was published is there', { firstSeq: 101, lastSeq: 1000 }, at(100), 1000],
  ['central has taken some since', { firstSeq: 101, lastSeq: 1000 }, at(500), 1000],
  ['central has taken all', 'empty', at(1000), 1000],
  ['the stream was lost with all events', undefined, at(100), 100],
  ['all was lost', 'empty', at(100), 100],
  ['the first were lost', { firstSeq: 300, lastSeq: 1000 }, at(100), 100],
  ['the last were lost', { firstSeq: 101, lastSeq: 900 }, at(100), 900],
  ['central has more than is known to be published', { firstSeq: 5, lastSeq: 6 }, at(1200), 1200],
  ['central took the last before others', { firstSeq: 101, lastSeq: undefined }, at(100), 1000],
  ['central is in another epoch', { firstSeq: 1, lastSeq: 30 }, at(700, 0), 30],
  ['central is in another epoch, and all was lost', 'empty', at(700, 0), 0],
  ['central has never heard of the region', { firstSeq: 1, lastSeq: 30 }, undefined, 30],
  ['central is away', { firstSeq: 101, lastSeq: 1000 }, UNKNOWN, 1000],
  ['central is away, and may have taken what is not there', { firstSeq: 600, lastSeq: 1000 }, UNKNOWN, 1000],
  ['central is away, and may have taken all', 'empty', UNKNOWN, 1000],
  ['central is away, and the last were lost', { firstSeq: 101, lastSeq: 900 }, UNKNOWN, 900],
  ['central is away, and took the last before', { firstSeq: 101, lastSeq: undefined }, UNKNOWN, 1000],
  ['central is away, and the stream is gone', undefined, UNKNOWN, 100],
] as const)('%s', (_what, stored, position, expected) => {
  expect(publishedUpTo(stored, position, state)).toBe(expected);
});

test('what central takes while the relay asks is not taken for lost', async () => {
  let taken = 0;
  const transport = {
    // central takes all that is stored after the first of the two questions
    async stored() {
      const stored = taken === 10 ? ('empty' as const) : { firstSeq: 1, lastSeq: 10 };
      taken = 10;
      return stored;
    },
    async position() {
      const position = at(taken);
      taken = 10;
      return position;
    },
  };
  const { stored, position } = await findStoredAndPosition(transport, 'boston', 1);
  expect(publishedUpTo(stored, position, { epoch: 1, ackedSeq: 0, publishedSeq: 10 })).toBe(10);
});
