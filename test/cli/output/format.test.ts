/** Numbers, amounts and points in time as people read them. */
import { expect, test } from '@jest/globals';
import { formatAmount, formatInstant, formatNumber } from '../../../src/cli/output/format.ts';

test.each([
  [0, '0'],
  [1234567, '1,234,567'],
  [0.126, '0.13'],
  [12.5, '12.50'],
])('formatNumber(%p) is %p', (value, expected) => {
  expect(formatNumber(value)).toBe(expected);
});

test.each([
  ['0.00', '0.00'],
  ['999.99', '999.99'],
  ['28750.00', '28,750.00'],
  ['1234567.89', '1,234,567.89'],
  ['-1000.50', '-1,000.50'],
  ['9999999999999999999.99', '9,999,999,999,999,999,999.99'],
])('formatAmount(%p) is %p', (decimal, expected) => {
  expect(formatAmount(decimal)).toBe(expected);
});

test('a point in time is shown to the second', () => {
  expect(formatInstant('2026-11-22T03:04:05.678Z')).toBe('2026-11-22 03:04:05Z');
  expect(formatInstant('never')).toBe('never');
});
