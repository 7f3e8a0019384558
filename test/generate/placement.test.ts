/** Which records are broken: exactly as many as are asked for, and every question about them has the same answer. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { place } from '../../src/generate/placement.ts';
import { MAX_COUNT } from '../../src/generate/spec.ts';
import { depth } from '../support/depth.ts';

const keys = fc.integer();

/** A count and how many of it are broken. */
const sizes = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((count) => fc.tuple(fc.constant(count), fc.oneof(fc.integer({ min: 0, max: count }), fc.constant(count))));

test('all answers agree with those of going through all numbers', () => {
  fc.assert(
    fc.property(sizes(300), keys, ([count, broken], key) => {
      const placement = place(count, broken, key);
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      const bad = numbers.filter((number) => placement.ordinalOf(number) !== -1);
      const good = numbers.filter((number) => placement.ordinalOf(number) === -1);
      expect(bad).toHaveLength(broken);
      expect(bad.map(placement.ordinalOf)).toEqual(bad.map((_, ordinal) => ordinal));
      expect(bad.map((_, ordinal) => placement.brokenNumber(ordinal))).toEqual(bad);
      expect(good.map((_, ordinal) => placement.soundNumber(ordinal))).toEqual(good);
      expect([...numbers, count + 1].map(placement.brokenBefore)).toEqual(
        [...numbers, count + 1].map((number) => bad.filter((one) => one < number).length),
      );
      expect(placement).toMatchObject({ count, broken, sound: good.length });
    }),
  );
});

test('and agree with each other where there are too many to go through', () => {
  fc.assert(
    fc.property(sizes(MAX_COUNT), keys, fc.double({ min: 0, max: 1, noNaN: true }), ([count, broken], key, where) => {
      const placement = place(count, broken, key);
      if (placement.sound > 0) {
        const ordinal = Math.floor(where * (placement.sound - 1));
        const number = placement.soundNumber(ordinal);
        expect(placement.ordinalOf(number)).toBe(-1);
        expect(number - 1 - placement.brokenBefore(number)).toBe(ordinal);
      }
      if (broken > 0) {
        const ordinal = Math.floor(where * (broken - 1));
        const number = placement.brokenNumber(ordinal);
        expect(placement.ordinalOf(number)).toBe(ordinal);
        expect(placement.brokenBefore(number)).toBe(ordinal);
      }
    }),
    { numRuns: depth(200, 1000) },
  );
});

describe('broken records', () => {
  test('are spread over all, at no fixed distance', () => {
    const { brokenNumber } = place(1000, 100, 5);
    const numbers = Array.from({ length: 100 }, (_, ordinal) => brokenNumber(ordinal));
    expect(numbers.every((number, index) => Math.floor((number - 1) / 10) === index)).toBe(true);
    expect(new Set(numbers.map((number) => number % 10)).size).toBe(10);
  });

  test('are others with another key', () => {
    expect(place(1000, 10, 1).brokenNumber(5)).not.toBe(place(1000, 10, 2).brokenNumber(5));
  });

  test('are not asked for where there are none', () => {
    expect(() => place(10, 0, 1).brokenNumber(0)).toThrow('There is no broken record 0');
  });
});
