/** Chance without a memory: the same for the same input, unlike for any other, and even. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { between, hash, keyOf, pick, randomOf } from '../../src/generate/random.ts';

const seeds = fc.maxSafeNat();

test('keys hang on every bit of the seed, and on the purpose', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 52 }), (seed, bit) => {
      const other = Number(BigInt(seed) ^ (1n << BigInt(bit)));
      expect(keyOf(seed, 'users')).toBe(keyOf(seed, 'users'));
      expect(keyOf(seed, 'users')).not.toBe(keyOf(seed, 'orders'));
      expect(keyOf(other, 'users')).not.toBe(keyOf(seed, 'users'));
    }),
  );
});

test('what is drawn for one record says nothing of what is drawn for the next', () => {
  const drawn = (key: number) => Array.from({ length: 60_000 }, (_, number) => randomOf(key, number + 1));
  for (const seed of [0, 1, 2 ** 40]) {
    const all = drawn(keyOf(seed, 'users'));
    for (let draw = 0; draw < 4; draw++) {
      const counts = new Map<string, number>();
      let before = 0;
      for (const random of all) {
        const value = between(random, 1, 6);
        counts.set(`${before}${value}`, (counts.get(`${before}${value}`) ?? 0) + 1);
        before = value;
      }
      counts.delete(`0${before}`);
      const pairs = [...counts.entries()].filter(([pair]) => pair[0] !== '0').map(([, count]) => count);
      expect(pairs).toHaveLength(36);
      // chi-squared with 35 degrees of freedom: more than 80 has a chance of 2 in 100,000
      const expected = 59_999 / 36;
      expect(pairs.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(80);
    }
  }
});

test('hashes are whole numbers of 31 bits, and any of a range is picked', () => {
  fc.assert(
    fc.property(
      seeds,
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.array(fc.string(), { minLength: 1 }),
      (seed, n, list) => {
        const key = keyOf(seed, 'any');
        expect(hash(key, n) >>> 1 === Math.floor(hash(key, n) / 2)).toBe(true);
        expect(hash(key, n)).toBeLessThan(2 ** 31);
        expect(list).toContain(pick(randomOf(key, n), list));
      },
    ),
  );
});
