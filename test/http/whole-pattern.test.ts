import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wholePattern } from '../../src/http/schema/whole-pattern.ts';
import { depth } from '../support/depth.ts';

test('exactly the whole numbers of the range match', () => {
  const number = fc.oneof(fc.integer({ min: -120, max: 120 }), fc.maxSafeInteger());
  const ends = fc.tuple(fc.option(number, { nil: undefined }), fc.option(number, { nil: undefined }));
  fc.assert(
    fc.property(ends, number, fc.nat(3), fc.nat(2), ([one, other], given, zeros, near) => {
      const [least, most] =
        one !== undefined && other !== undefined ? [Math.min(one, other), Math.max(one, other)] : [one, other];
      const pattern = new RegExp(`^(?:${wholePattern(least, most)})$`);
      const nearby = [least, most].flatMap((end) => (end === undefined ? [] : [end - near, end + near]));
      const wrong = [given, ...nearby].filter(Number.isSafeInteger).filter((value) => {
        const text = `${value < 0 ? '-' : ''}${'0'.repeat(zeros)}${Math.abs(value)}`;
        const isWithin = (least === undefined || value >= least) && (most === undefined || value <= most);
        return pattern.test(text) !== isWithin;
      });
      // not for each value: that takes many times longer than the match
      if (wrong.length > 0) {
        expect({ least, most, wrong }).toEqual({ least, most, wrong: [] });
      }
    }),
    { numRuns: depth(1000, 50_000) },
  );
});
