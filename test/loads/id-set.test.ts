/** The set of ids that a load has met: it answers like any set. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IdSet } from '../../src/loads/id-set.ts';
import { depth } from '../support/depth.ts';

/** Checks that both sets know the same of each id, before and after it is added. */
function expectLikeSet(ids: readonly unknown[], asked: readonly unknown[]): void {
  const expected = new Set<unknown>();
  const actual = new IdSet();
  for (const id of ids) {
    expect(actual.has(id)).toBe(expected.has(id));
    expected.add(id);
    actual.add(id);
    expect(actual.has(id)).toBe(true);
  }
  for (const id of [...ids, ...asked]) {
    expect(actual.has(id)).toBe(expected.has(id));
  }
}

test('is empty at first', () => {
  const ids = new IdSet();
  expect([0, 1, '', '1', null, undefined].map((id) => ids.has(id))).toEqual(Array(6).fill(false));
});

test.each([
  ['neighbours', [0, 1, 2], [3, -1]],
  ['the borders of a word', [31, 32, 63, 64], [30, 33, 62, 65]],
  ['the borders of a page', [1023, 1024, 2047, 2048], [1022, 1025, 2046, 2049]],
  ['numbers below zero', [-1, -32, -1024, -1025], [1, 32, 1024, -2, -1023, -1026]],
  ['the largest whole numbers', [2 ** 53 - 1, -(2 ** 53) + 1], [2 ** 53 - 2, -(2 ** 53) + 2, -1, 1]],
  ['numbers that agree in their last 32 bits', [5, 5 + 2 ** 32], [5 + 2 ** 33, 5 + 2 ** 31]],
  ['text', ['1', 'a', ''], [1, '01', 'A', ' ', 0]],
  ['large whole numbers of their own type', [1n, 2n ** 70n], [1, 2n, 2 ** 70]],
  ['nothing', [null, undefined], [0, '', false]],
])('knows %s from others', (_what, ids, others) => {
  expectLikeSet(ids, others);
});

test('holds a million neighbours', () => {
  const ids = new IdSet();
  for (let id = 1; id <= 1_000_000; id++) {
    ids.add(id);
  }
  const missing = Array.from({ length: 1_000_000 }, (_, index) => index + 1).filter((id) => !ids.has(id));
  expect(missing).toEqual([]);
  expect([ids.has(0), ids.has(1_000_001)]).toEqual([false, false]);
});

describe('is like a set', () => {
  const dense = fc.integer({ min: -2100, max: 2100 });

  test.each([
    ['whole numbers', fc.oneof(dense, fc.maxSafeInteger())],
    ['text and whole numbers', fc.oneof(dense, dense.map(String), dense.map(BigInt), fc.string())],
    [
      'any numbers',
      fc.oneof(
        dense,
        dense.map((id) => id / 4),
        fc.double(),
      ),
    ],
  ])('of %s', (_what, id) => {
    fc.assert(fc.property(fc.array(id as fc.Arbitrary<unknown>), fc.array(id as fc.Arbitrary<unknown>), expectLikeSet));
  });
});

describe('is like a set that', () => {
  const id = fc.oneof(
    fc.integer({ min: -100, max: 100 }),
    fc.maxSafeInteger(),
    fc.integer({ min: 1, max: 4000 }).map((number) => number * 2 ** 40),
    fc.string({ maxLength: 2 }),
  );
  const ids = fc.array(id as fc.Arbitrary<unknown>, { maxLength: 3000, size: 'large' });
  const built = (added: readonly unknown[], deleted: readonly unknown[]) => {
    const [actual, expected] = [new IdSet(), new Set<unknown>()];
    for (const one of added) {
      actual.add(one);
      expected.add(one);
    }
    for (const one of deleted) {
      actual.delete(one);
      expected.delete(one);
    }
    return { actual, expected };
  };
  const order = (all: Iterable<unknown>) => [...all].map((one) => `${typeof one} ${one}`).sort();

  test('lets go of ids, and crosses to another thread', () => {
    fc.assert(
      fc.property(ids, ids, (added, deleted) => {
        const { actual, expected } = built(added, [...deleted, ...added.slice(0, added.length / 2)]);
        const there = IdSet.from(structuredClone(actual.state));
        for (const one of [...added, ...deleted]) {
          expect([actual.has(one), there.has(one)]).toEqual([expected.has(one), expected.has(one)]);
        }
        expect([actual.isEmpty, there.isEmpty]).toEqual([expected.size === 0, expected.size === 0]);
        expect(order(there.without(new IdSet()))).toEqual(order(expected));
        // it grows as well as the one that it was made of
        there.add(12_345);
        expect(there.has(12_345)).toBe(true);
      }),
      { numRuns: depth(6, 30) },
    );
  });

  test('gives what another does not hold', () => {
    fc.assert(
      fc.property(ids, ids, ids, (here, both, there) => {
        const [left, right] = [built([...here, ...both], []), built([...there, ...both], [])];
        const given = [...left.actual.without(right.actual)];
        expect(order(given)).toEqual(order([...left.expected].filter((one) => !right.expected.has(one))));
        const numbers = given.filter((one) => typeof one === 'number');
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }),
      { numRuns: depth(6, 30) },
    );
  });
});
