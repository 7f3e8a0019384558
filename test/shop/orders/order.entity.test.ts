/** The rules of an order, each at its borders. */
import { describe, expect, test } from '@jest/globals';
import { orders } from '../../../src/shop/catalog.ts';
import { Order } from '../../../src/shop/orders/order.entity.ts';
import { errorsOf, metadataIn, validatorOf } from '../../support/metadata.ts';
import { ID_ERRORS, NOT_WHOLE, SETTING_ADVICE, VALID_IDS } from '../../support/whole-numbers.ts';

const validateOrder = validatorOf(metadataIn(orders));
const valid = { id: '1', userId: '2', productId: '3', quantity: '4' };
const entity = { id: 1, userId: 2, productId: 3, quantity: 4 };

const quantity = (code: string, message: string) => ({ property: 'quantity', code, message });
const EMPTY = quantity('isNotEmpty', 'Quantity cannot be empty');
const NO_INTEGER = quantity('isInt', 'Quantity must be a whole number');
const NOT_POSITIVE = quantity('isPositive', 'Quantity must be positive');
const TOO_MANY = quantity('max', 'Quantity can be at most 1,000,000,000');

test('a valid record becomes an Order', () => {
  const validated = validateOrder(valid);
  expect(validated).toEqual({ entity });
  expect('entity' in validated && validated.entity).toBeInstanceOf(Order);
  expect(String('entity' in validated && validated.entity)).toBe('4 of product 3 for user 2');
});

describe.each([
  ['id', 'Id'],
  ['userId', 'User id'],
  ['productId', 'Product id'],
])('%s', (property, label) => {
  test.each(VALID_IDS)('%p is valid', (given, id) => {
    expect(validateOrder({ ...valid, [property]: given })).toEqual({ entity: { ...entity, [property]: id } });
  });

  test.each(ID_ERRORS)('%p breaks %s', (given, code) => {
    const message = {
      isNotEmpty: `${label} cannot be empty`,
      isInt: `${label} must be a whole number up to 9007199254740991${SETTING_ADVICE[String(given)] ?? ''}`,
      isPositive: `${label} must be positive`,
    }[code];
    expect(errorsOf(validateOrder({ ...valid, [property]: given }))).toEqual([{ property, code, message }]);
  });

  test('a number beyond what JavaScript holds exactly is none', () => {
    expect(errorsOf(validateOrder({ ...valid, [property]: 2 ** 53 }))).toEqual([
      { property, code: 'isInt', message: expect.stringMatching(/ must be a whole number up to 9007199254740991$/) },
    ]);
  });
});

describe('quantity', () => {
  test.each<[unknown, number]>([
    ['1', 1],
    [1, 1],
    ['1000000000', 1_000_000_000],
    [1_000_000_000, 1_000_000_000],
  ])('%p is valid', (given, kept) => {
    expect(validateOrder({ ...valid, quantity: given })).toEqual({ entity: { ...entity, quantity: kept } });
  });

  test.each<[unknown, object]>([
    ['', EMPTY],
    [' ', EMPTY],
    [null, EMPTY],
    [undefined, EMPTY],
    ['0', NOT_POSITIVE],
    [0, NOT_POSITIVE],
    ['-1', NOT_POSITIVE],
    [-1, NOT_POSITIVE],
    ['1000000001', TOO_MANY],
    [1_000_000_001, TOO_MANY],
    ['9007199254740991', TOO_MANY],
    [2 ** 53, NO_INTEGER],
    ...NOT_WHOLE.map((given): [unknown, object] => [
      given,
      { ...NO_INTEGER, message: `${NO_INTEGER.message}${SETTING_ADVICE[String(given)] ?? ''}` },
    ]),
  ])('%p is rejected', (given, error) => {
    expect(errorsOf(validateOrder({ ...valid, quantity: given }))).toEqual([error]);
  });
});

test('all errors of a record are reported', () => {
  expect(errorsOf(validateOrder({ id: 0, userId: 'Ada', productId: '', quantity: '1000000001' }))).toEqual([
    { property: 'id', code: 'isPositive', message: 'Id must be positive' },
    { property: 'productId', code: 'isNotEmpty', message: 'Product id cannot be empty' },
    TOO_MANY,
    { property: 'userId', code: 'isInt', message: 'User id must be a whole number up to 9007199254740991' },
  ]);
});

test.each(['-1.5', -1.5])('a quantity of %p breaks two rules', (quantity) => {
  expect(errorsOf(validateOrder({ ...valid, quantity }))).toEqual([NO_INTEGER, NOT_POSITIVE]);
});

describe('what an order may say besides', () => {
  const given = {
    unitPrice: '2.5',
    placedAt: '2010-12-01T09:26:00+01:00',
    country: ' United Kingdom ',
    status: 'pending',
    checkoutId: 'A-1',
  };

  test('is taken in its canonical form', () => {
    expect(validateOrder({ ...valid, ...given })).toEqual({
      entity: {
        ...entity,
        unitPrice: '2.50',
        placedAt: '2010-12-01T08:26:00.000Z',
        country: 'United Kingdom',
        status: 'pending',
        checkoutId: 'A-1',
      },
    });
  });

  test('can be left out, or empty', () => {
    const nothing = Object.fromEntries(Object.keys(given).map((property) => [property, '']));
    expect(validateOrder({ ...valid, ...nothing })).toEqual({
      entity: { ...entity, unitPrice: null, placedAt: null, country: null, checkoutId: null },
    });
  });

  test.each<[object, object]>([
    [{ unitPrice: '0' }, { unitPrice: '0.00' }],
    [{ unitPrice: 0 }, { unitPrice: '0.00' }],
    [{ unitPrice: 2.55 }, { unitPrice: '2.55' }],
    [{ unitPrice: '9999999999.99' }, { unitPrice: '9999999999.99' }],
    [{ country: 'x'.repeat(100) }, { country: 'x'.repeat(100) }],
    [{ checkoutId: 'x'.repeat(100) }, { checkoutId: 'x'.repeat(100) }],
    [{ status: 'confirmed' }, { status: 'confirmed' }],
    [{ status: 'cancelled' }, { status: 'cancelled' }],
  ])('%p is valid', (more, kept) => {
    expect(validateOrder({ ...valid, ...more })).toEqual({ entity: { ...entity, ...kept } });
  });

  test.each<[object, string, string]>([
    [{ unitPrice: '-0.01' }, 'unitPrice', 'Unit price cannot be negative'],
    [
      { unitPrice: '2.555' },
      'unitPrice',
      'Unit price must be a decimal number with at most two decimals (if its digits are grouped, name the sign between them with --thousands)',
    ],
    [{ unitPrice: '1e3' }, 'unitPrice', 'Unit price must be a decimal number with at most two decimals'],
    [{ unitPrice: 'free' }, 'unitPrice', 'Unit price must be a decimal number with at most two decimals'],
    [{ unitPrice: '10000000000.00' }, 'unitPrice', 'Unit price can be at most 9,999,999,999.99'],
    [
      { placedAt: '2010-12-01T08:26:00' },
      'placedAt',
      'Placed at must be an ISO 8601 date and time with a zone (it names no time zone: name it with --timezone)',
    ],
    [{ placedAt: '2010-02-30T08:26:00Z' }, 'placedAt', 'Placed at must be an ISO 8601 date and time with a zone'],
    [
      { placedAt: '2010-12-01 08:26:00.123456+00' },
      'placedAt',
      'Placed at can have at most three decimals of a second, the others zero',
    ],
    [{ placedAt: 1291191960000 }, 'placedAt', 'Placed at must be an ISO 8601 date and time with a zone'],
    [{ country: 'x'.repeat(101) }, 'country', 'Country can have at most 100 characters'],
    [{ country: 7 }, 'country', 'Country must be text'],
    [{ status: 'lost' }, 'status', 'Status must be one of confirmed, pending, cancelled'],
    [{ status: 'CONFIRMED' }, 'status', 'Status must be one of confirmed, pending, cancelled'],
    [{ checkoutId: 'x'.repeat(101) }, 'checkoutId', 'Checkout id can have at most 100 characters'],
  ])('%p is rejected', (more, property, message) => {
    expect(errorsOf(validateOrder({ ...valid, ...more }))).toContainEqual(
      expect.objectContaining({ property, message }),
    );
  });

  test('a version is not taken from a source', () => {
    expect(validateOrder({ ...valid, version: 7 })).toEqual({ entity });
  });
});
