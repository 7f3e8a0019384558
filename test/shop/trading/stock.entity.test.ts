/** The rules of stock, each at its borders. */
import { expect, test } from '@jest/globals';
import { ruleErrors } from '../../../src/shared/rules/rules.ts';
import { Stock } from '../../../src/shop/trading/stock.entity.ts';
import { sorted } from '../../support/metadata.ts';

const valid = { productId: 1, name: 'Mug', unitPrice: '2.50', onHand: 5, version: 1 };
const errorsOf = (changes: object) => sorted(ruleErrors(Object.assign(new Stock(), valid, changes)));

test.each([
  {},
  { productId: Number.MAX_SAFE_INTEGER },
  { name: null },
  { name: 'x'.repeat(100) },
  { unitPrice: '0.00' },
  { unitPrice: '9999999999.99' },
  { onHand: 0 },
  { onHand: Number.MAX_SAFE_INTEGER },
])('%p is valid', (changes) => {
  expect(errorsOf(changes)).toEqual([]);
});

test.each<[object, string, string]>([
  [{ productId: 0 }, 'productId', 'Product id must be positive'],
  [{ productId: 1.5 }, 'productId', 'Product id must be a whole number up to 9007199254740991'],
  [{ name: 'x'.repeat(101) }, 'name', 'Name can have at most 100 characters'],
  [{ name: 5 }, 'name', 'Name must be text'],
  [{ unitPrice: null }, 'unitPrice', 'Unit price cannot be empty'],
  [{ unitPrice: '-0.01' }, 'unitPrice', 'Unit price cannot be negative'],
  [{ unitPrice: '10000000000.00' }, 'unitPrice', 'Unit price can be at most 9,999,999,999.99'],
  [{ onHand: -1 }, 'onHand', 'On hand cannot be negative'],
  [{ onHand: 0.5 }, 'onHand', 'On hand must be a whole number'],
])('%p is not', (changes, property, message) => {
  expect(errorsOf(changes)).toMatchObject([{ property, message }]);
});
