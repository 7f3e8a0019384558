/** How items are written on the command line. */
import { expect, test } from '@jest/globals';
import { readItem } from '../../../src/shop/cli/item.argument.ts';

test('a product and how many of it, after those before', () => {
  expect(readItem('3X10', readItem('1x2'))).toEqual([
    { productId: 1, quantity: 2 },
    { productId: 3, quantity: 10 },
  ]);
});

test.each([
  '1',
  '1x0',
  '0x1',
  'x',
  '1x',
  'x1',
  '1x2x3',
  '1x2.5',
  '-1x2',
  '1x1e3',
  ' 1x2',
  '9007199254740992x1',
  '1x1000000001',
  '',
])('%j', (text) => {
  expect(() => readItem(text)).toThrow(
    '1x2 is two of product 1. Ids are whole numbers from 1 to 9007199254740991, quantities from 1 to 1,000,000,000.',
  );
});
