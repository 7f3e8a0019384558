import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, pairedRatio, quantile, summarize } from '../figures.ts';

const time = fc.double({ min: 0.001, max: 1000, noNaN: true });
const times = fc.array(time, { minLength: 1, maxLength: 9 });

test('the median is the middle value, or halfway between the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([10, 1, 2, 3]), 2.5);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), RangeError);
});

test('as many values lie above the median as below, in whatever order they come, and they stay as they are', () => {
  fc.assert(
    fc.property(times, (values) => {
      const before = [...values];
      const middle = median(values);
      assert.deepEqual(values, before);
      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      assert.ok(below <= values.length / 2 && above <= values.length / 2);
    }),
  );
});

test('a summary has median, least, most and the spread relative to the median', () => {
  assert.deepEqual(summarize([4, 2, 3]), { median: 3, least: 2, most: 4, spread: 2 / 3 });
});

test('a ratio is paired by round', () => {
  // the medians themselves would give 20 / 2
  assert.equal(pairedRatio([10, 20, 90], [1, 10, 2]), 10);
  assert.equal(pairedRatio([4, 30, 8], [2, 10, 1]), 3);
  assert.throws(() => pairedRatio([1, 2], [1]), RangeError);
});

test('a round in which the machine is slow changes no ratio', () => {
  const rounds = fc.array(fc.record({ value: time, base: time, slowness: fc.integer({ min: 1, max: 64 }) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(rounds, (all) => {
      const ratio = pairedRatio(
        all.map(({ value }) => value),
        all.map(({ base }) => base),
      );
      const slowed = pairedRatio(
        all.map(({ value, slowness }) => value * slowness),
        all.map(({ base, slowness }) => base * slowness),
      );
      assert.ok(Math.abs(ratio - slowed) <= ratio * 1e-9);
    }),
  );
});

test('a quantile is a value that was measured, with so many of them no greater', () => {
  const values = [30, 10, 20, 40];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.51, 0.99, 1].map((share) => quantile(values, share)),
    [10, 10, 20, 30, 40, 40],
  );
  assert.throws(() => quantile([], 0.5), RangeError);
});
