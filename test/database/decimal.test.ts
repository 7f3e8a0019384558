/** Decimal numbers as text, of any length. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDecimal, parseDecimal } from '../../src/database/decimal.ts';

const canonical = (text: string, places = 0) => {
  const decimal = parseDecimal(text);
  return decimal && formatDecimal(decimal, places);
};

test.each([
  ['0', '0'],
  ['-0', '0'],
  ['-0.00', '0'],
  ['007.50', '7.5'],
  ['+1', '1'],
  ['1e-7', '0.0000001'],
  ['1.5e-7', '0.00000015'],
  ['-1.25e+21', '-1250000000000000000000'],
])('%p is %p', (text, decimal) => {
  expect(canonical(text)).toBe(decimal);
});

test.each(['', '.', '.5', '5.', '1,5', '1e', 'e5', '1.2.3', '١', ' 1', 'NaN', '--1'])('%p is none', (text) => {
  expect(parseDecimal(text)).toBeUndefined();
});

test('zeros are added up to the places that are asked for', () => {
  expect(['1', '1.5', '1.555', '-0'].map((text) => canonical(text, 2))).toEqual(['1.00', '1.50', '1.555', '0.00']);
});

test('the text of any JavaScript number is read as that number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(Number(canonical(String(number)))).toBe(number + 0 === 0 ? 0 : number);
    }),
  );
});

test('one of a million digits is read at once', () => {
  const digits = '0'.repeat(500_000) + '9'.repeat(500_000);
  expect(canonical(`${digits}.${digits}0`)).toHaveLength(1_500_001);
});
