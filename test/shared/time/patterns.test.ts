import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toDate } from '../../../src/shared/time/instant.ts';
import { DAY_PATTERN, INSTANT_PATTERN } from '../../../src/shared/time/patterns.ts';
import { depth } from '../../support/depth.ts';

const day = new RegExp(`^${DAY_PATTERN}$`);
const instant = new RegExp(`^${INSTANT_PATTERN}$`);

test('exactly the days that there are match', () => {
  for (const year of ['0000', '0001', '1900', '2000', '2023', '2024', '2100', '9999']) {
    for (let month = 0; month <= 13; month++) {
      for (let date = 0; date <= 32; date++) {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
        expect([text, day.test(text)]).toEqual([text, toDate(`${text}T00:00Z`) !== undefined]);
      }
    }
  }
});

test('exactly the points in time match that are read', () => {
  const two = fc.oneof(fc.constantFrom('00', '12', '23', '24', '59', '60'), fc.stringMatching(/^\d\d$/));
  const text = fc
    .tuple(
      fc.constantFrom('T', 't', ' ', '_'),
      fc.array(two, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '.1', '.123', '.123000', '.1234', '.000000001', '.000'),
      fc.constantFrom('Z', 'z', '', '+01', '-0130', '+23:59', '+24:00', '+01:60', '+01:30:30'),
    )
    .map(([sign, time, fraction, zone]) => `2026-01-31${sign}${time.join(':')}${fraction}${zone}`);
  fc.assert(
    fc.property(text, (one) => {
      expect([one, instant.test(one)]).toEqual([one, toDate(one) !== undefined]);
    }),
    { numRuns: depth(1000, 20_000) },
  );
});
