/** Numbers as people read them. */
import { expect, test } from '@jest/globals';
import { formatNumber } from '../../../src/cli/output/format.ts';

test.each([
  [0, '0'],
  [1234567, '1,234,567'],
  [0.126, '0.13'],
  [12.5, '12.50'],
])('formatNumber(%p) is %p', (value, expected) => {
  expect(formatNumber(value)).toBe(expected);
});
