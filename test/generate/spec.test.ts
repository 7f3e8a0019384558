/** What generated data can be asked to be, and how many records of it are broken. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenCount, checkSpec, MAX_COUNT } from '../../src/generate/spec.ts';

const valid = { count: 10, seed: 1, invalid: 0 };

test.each([
  [{ count: 1 }],
  [{ count: MAX_COUNT }],
  [{ seed: 0 }],
  [{ seed: Number.MAX_SAFE_INTEGER }],
  [{ invalid: 1 }],
])('%p can be generated', (given) => {
  expect(() => checkSpec({ ...valid, ...given })).not.toThrow();
});

test.each([
  [{ count: 0 }, /0 records/],
  [{ count: -1 }, /-1 records/],
  [{ count: 1.5 }, /1\.5 records/],
  [{ count: MAX_COUNT + 1 }, /from 1 to 2147483647/],
  [{ count: Number.NaN }, /NaN/],
  [{ seed: -1 }, /-1 is not a seed/],
  [{ seed: 0.5 }, /0\.5 is not a seed/],
  [{ seed: 2 ** 53 }, /is not a seed/],
  [{ invalid: -0.1 }, /from 0 to 1/],
  [{ invalid: 1.01 }, /from 0 to 1/],
  [{ invalid: Number.NaN }, /from 0 to 1/],
])('%p cannot', (given, message) => {
  expect(() => checkSpec({ ...valid, ...given })).toThrow(message);
});

describe('the number of broken records', () => {
  test.each([
    [100, 0.29, 29],
    [1000, 0.05, 50],
    [999, 0.05, 49],
    [3, 0.3, 0],
    [7, 1, 7],
    [MAX_COUNT, 1, MAX_COUNT],
    [MAX_COUNT, 0, 0],
  ])('of %d at %d is %d', (count, invalid, broken) => {
    expect(brokenCount({ ...valid, count, invalid })).toBe(broken);
  });

  test('is the exact product of decimals, rounded down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_COUNT }), fc.integer({ min: 0, max: 10_000 }), (count, parts) => {
        const exact = Number((BigInt(count) * BigInt(parts)) / 10_000n);
        expect(brokenCount({ ...valid, count, invalid: parts / 10_000 })).toBe(exact);
      }),
    );
  });
});
