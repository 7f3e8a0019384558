/** JSON numbers that JavaScript holds as they are written, and those that it would round. */
import { expect, test } from '@jest/globals';
import { isExactNumber } from '../../../src/shared/json/exact-number.ts';

test.each([
  '0',
  '1',
  '-1',
  '-0',
  '0.1',
  '12.50',
  '1.999',
  '5.0',
  '1e3',
  '1E3',
  '1.5e-3',
  '0e400',
  ' 7\n',
  '9007199254740991',
  '-9007199254740991',
  '0.00000000000000000001',
  '0.30000000000000004',
  '19.9900000000000000000',
  '123456789012.345',
])('%j is held exactly', (text) => {
  expect(isExactNumber(text)).toBe(true);
});

test.each([
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567890',
  '1e400',
  '-1e400',
  '1e-400',
  '0.1234567890123456789',
  '9999999999999999.99',
  // these would become whole numbers
  '1.00000000000000000001',
  '5.0000000000000000001e0',
  '9007199254740990.9',
])('%s would be rounded', (text) => {
  expect(isExactNumber(text)).toBe(false);
});

test.each(['', '1', '.5', 'e5'])('a number of a million zeros is read once, with %j behind them', (end) => {
  expect(isExactNumber(`1${'0'.repeat(2 ** 20)}${end}`)).toBe(false);
});
