import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mix, shuffled } from '../random.ts';

test('a shuffle loses and doubles nothing, and is the same for the same seed', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(), (items, seed) => {
      const order = shuffled(items, seed);
      assert.deepEqual([...order].sort(), [...items].sort());
      assert.deepEqual(shuffled(items, seed), order);
    }),
  );
});

test('everybody comes first in some round', () => {
  const first = new Set(Array.from({ length: 100 }, (_, round) => shuffled([1, 2, 3, 4, 5, 6], round)[0]));
  assert.equal(first.size, 6);
});

test('numbers do not depend on the machine', () => {
  assert.deepEqual([mix(1, 1), mix(1, 2), mix(2, 1)], [3313513036, 4267420835, 1297640789]);
});
