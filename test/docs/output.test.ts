/** What a page shows is found in what its commands print, and nothing else is. */
import { expect, test } from '@jest/globals';
import { isShown } from '../support/documentation/output.ts';

const PRINTED = `Inserted user 1: Alice
Inserted user 2: Bob
┌────────┬─────────┐
│ events │ seconds │
├────────┼─────────┤
│   1000 │    0.47 │
└────────┴─────────┘
Done at 2026-11-21T12:00:00.000Z.
`;

test.each([
  ['all of it', PRINTED],
  ['some lines', 'Inserted user 2: Bob'],
  ['lines left out', 'Inserted user 1: Alice\n…\nDone at 2026-11-21T12:00:00.000Z.'],
  ['a part of a line left out', 'Inserted … Bob'],
  ['another time', 'Done at 2020-01-01T00:00:00.000Z.'],
  ['another duration and another width', '│ events │  seconds │\n├────────┼──────────┤\n│ 1,000  │     0.04 │'],
])('%s', (_, shown) => {
  expect(isShown(shown, PRINTED)).toBe(true);
});

test.each([
  ['another word', 'Inserted user 2: Bobby'],
  ['the beginning of a line', 'Inserted user'],
  ['another order', 'Inserted user 2: Bob\n…\nInserted user 1: Alice'],
  ['a line left out in silence', 'Inserted user 1: Alice\nDone at 2026-11-21T12:00:00.000Z.'],
  ['another number', '│ 1001 │ 0.47 │'],
])('not %s', (_, shown) => {
  expect(isShown(shown, PRINTED)).toBe(false);
});
