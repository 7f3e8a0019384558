/** The document of a checkout that came from elsewhere: read back as it was, or refused with the reason. */
import { describe, expect, test } from '@jest/globals';
import { DocumentError, documentKey, readOrderDocument } from '../../../../src/shop/documents/model/order-document.ts';
import { documentOf } from '../../../support/documents.ts';

const whole = documentOf({
  country: 'France',
  details: { gift: true },
  orders: [
    { id: 9, productId: 1, name: 'Mug', quantity: 2, unitPrice: '2.50' },
    { id: 4, productId: 2, name: null, quantity: 1, unitPrice: '0.00' },
  ],
}).document;

const parsed = () => JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;

test('is read back as it was', () => {
  expect(readOrderDocument(parsed())).toEqual(whole);
  expect(documentKey(whole)).toBe(4);
});

test('what is not known is left out, and what is left out is nothing', () => {
  const { country: _, details: __, ...rest } = parsed();
  expect(readOrderDocument({ ...rest, colour: 'red' })).toEqual({ ...whole, country: null, details: {} });
});

test('amounts are compared as numbers as far as numbers are exact', () => {
  const { document } = documentOf({ total: '90071992547409.91' });
  expect(document.totalCents).toBe(Number.MAX_SAFE_INTEGER);
  expect(documentOf({ total: '90071992547409.92' }).document.totalCents).toBeNull();
});

describe('is refused', () => {
  const line = (change: object) => ({ lines: [{ ...whole.lines[0], ...change }] });
  test.each<[object, RegExp]>([
    [{ id: '' }, /^Id must be text of 1 to 100 characters$/],
    [{ id: 'x'.repeat(101) }, /^Id must be text/],
    [{ id: 'a\0' }, /^Id holds a character that not every database can keep$/],
    [{ region: 5 }, /^Region must be text/],
    [{ userId: 0 }, /^User id must be a whole number from 1/],
    [{ userId: '1' }, /^User id must be a whole number/],
    [{ placedAt: 'yesterday' }, /^Placed at must be an ISO 8601/],
    [{ placedAt: 5 }, /^Placed at must be an ISO 8601/],
    [{ country: '' }, /^Country must be text/],
    [{ total: 5 }, /^Total must be a decimal number/],
    [{ total: '-1.00' }, /^Total must be .* not negative$/],
    [{ lines: [] }, /^A checkout must have lines$/],
    [{ lines: {} }, /^A checkout must have lines$/],
    [{ lines: [null] }, /^A line must be an object$/],
    [line({ orderId: 2 ** 53 }), /^Order id must be a whole number/],
    [line({ productId: 1.5 }), /^Product id must be a whole number/],
    [line({ quantity: -1 }), /^Quantity must be a whole number/],
    [line({ unitPrice: '1.999' }), /^Unit price must be a decimal number/],
    [line({ name: 7 }), /^Name must be text/],
    [{ details: [] }, /^Details: they have to be one JSON object/],
    [{ details: { 'a.b': 1 } }, /^Details: the name "a\.b" cannot be used/],
  ])('with %p', (change, message) => {
    const read = () => readOrderDocument({ ...parsed(), ...change });
    expect(read).toThrow(DocumentError);
    expect(read).toThrow(message);
  });
});
