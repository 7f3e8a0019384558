/** How a batch is written down: what is read back is what was written. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OUTCOMES, type Outcome } from '../../src/loads/ledger.ts';
import { decodeIds, decodeNumbered, decodeOutcomes, IdsEncoder, NumberedEncoder } from '../../src/loads/outcomes.ts';

/** @param numbers of the records; consecutive ones, of which nothing is written, unless they are given */
function encode(outcomes: readonly Outcome[], numbers: readonly number[] = [...outcomes.keys()]): string {
  const encoder = new NumberedEncoder();
  for (const [index, outcome] of outcomes.entries()) {
    encoder.add(outcome, numbers[index] as number);
  }
  return encoder.text;
}

function encodeIds(ids: readonly unknown[]): string {
  const encoder = new IdsEncoder();
  for (const id of ids) {
    encoder.add(id);
  }
  return encoder.text;
}

test('outcomes come back', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 300 }), (outcomes) => {
      expect(decodeOutcomes(encode(outcomes))).toEqual(outcomes);
    }),
  );
});

test('a run of the same outcome takes no more room than its length', () => {
  expect(encode([...Array(4998).fill('inserted'), 'rejected', 'rejected', 'unchanged', 'updated'])).toBe('4998i2r1s1u');
});

test('outcomes are decoded with the numbers of their records, with any gaps', () => {
  const record = fc.record({
    step: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
    outcome: fc.constantFrom(...OUTCOMES),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.array(record, { minLength: 1, maxLength: 300 }), (first, records) => {
      let number = first;
      const numbered = records.map(({ step, outcome }) => {
        number += step;
        return { number, outcome };
      });
      const start = numbered[0]?.number ?? 0;
      const text = encode(
        numbered.map(({ outcome }) => outcome),
        numbered.map((one) => one.number),
      );
      expect(decodeNumbered(text, start)).toEqual(numbered);
    }),
  );
});

test('numbers that follow each other take no room', () => {
  expect(encode(['inserted', 'inserted'], [7, 8])).toBe('2i');
  expect(encode(['inserted', 'inserted', 'inserted'], [7, 9, 10])).toBe('3i [7,[9,10]]');
});

test.each(['x', '1x', 'i', '3i2', '1i-2r', '1.5i', ' 1i', '1i '])('"%s" is not taken for outcomes', (text) => {
  expect(() => decodeOutcomes(text)).toThrow(RangeError);
});

test('primary keys come back: whole numbers, text, and neighbours in any order', () => {
  const steps = fc
    .array(fc.tuple(fc.integer(), fc.nat(5)), { maxLength: 30 })
    .map((starts) => starts.flatMap(([start, more]) => Array.from({ length: more + 1 }, (_, index) => start + index)));
  const ids: fc.Arbitrary<unknown[]> = fc.oneof(steps, fc.array(fc.oneof(fc.maxSafeInteger(), fc.string(), fc.nat(3))));
  fc.assert(
    fc.property(ids, (list) => {
      expect(decodeIds(encodeIds(list))).toEqual(list.map((id) => (Object.is(id, -0) ? 0 : id)));
    }),
  );
});

test('the largest whole numbers stay themselves', () => {
  const ids = [2 ** 53 - 3, 2 ** 53 - 2, 2 ** 53 - 1];
  expect(decodeIds(encodeIds(ids))).toEqual(ids);
});

test('bigints come back as bigints, beyond 2^53 too', () => {
  const ids = [1n, 2n, 3n, 9007199254740993n, -5n];
  expect(encodeIds(ids)).toBe('{"bigints":[[1,3],"9007199254740993",-5]}');
  expect(decodeIds(encodeIds(ids))).toEqual(ids);
});

test('neighbours take two numbers', () => {
  expect(encodeIds([1, 2, 3, 4, 9, 7, 8, 'a'])).toBe('[[1,4],9,[7,8],"a"]');
});
