import { expect, test } from '@jest/globals';
import { formatAmount } from '../../../src/shared/money/format-amount.ts';

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
