/** The rules of a product, each at its borders. */
import { describe, expect, test } from '@jest/globals';
import { products } from '../../../src/shop/catalog.ts';
import { Product } from '../../../src/shop/products/product.entity.ts';
import { errorsOf, metadataIn, validatorOf } from '../../support/metadata.ts';
import { ID_ERRORS, SETTING_ADVICE, VALID_IDS } from '../../support/whole-numbers.ts';

const validateProduct = validatorOf(metadataIn(products));
const valid = { id: '1', sku: 'A-1', name: 'Nail', price: '12.50' };
const entity = { ...valid, id: 1 };

const price = (code: string, message: string) => ({ property: 'price', code, message });
const EMPTY_PRICE = price('isNotEmpty', 'Price cannot be empty');
const NO_DECIMAL = price('isDecimal', 'Price must be a decimal number with at most two decimals');
const advised = (advice: string) => ({ ...NO_DECIMAL, message: `${NO_DECIMAL.message} (${advice})` });
const NOT_GROUPED = advised('if its digits are grouped, name the sign between them with --thousands');
const NO_COMMA = advised('if the comma is its decimal sign, say so with --decimal ,');
const NO_SIGN = advised('if it is an amount, name its currency signs with --currency');
const NOT_POSITIVE = price('isPositive', 'Price must be positive');
const TOO_MUCH = price('max', 'Price can be at most 9,999,999,999.99');
const SKU_NOT_TEXT = { property: 'sku', code: 'isString', message: 'Sku must be text' };
const LONG_SKU = { property: 'sku', code: 'maxLength', message: 'Sku can have at most 64 characters' };
const invisible = (character: string) => ({
  property: 'sku',
  code: 'isVisible',
  message: `Sku holds an invisible character (${character})`,
});
const EMPTY_NAME = { property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' };
const NAME_NOT_TEXT = { property: 'name', code: 'isString', message: 'Name must be text' };
const LONG_NAME = { property: 'name', code: 'maxLength', message: 'Name can have at most 100 characters' };

test('a valid record becomes a Product', () => {
  const validated = validateProduct(valid);
  expect(validated).toEqual({ entity });
  expect('entity' in validated && validated.entity).toBeInstanceOf(Product);
  expect(String('entity' in validated && validated.entity)).toBe('Nail, 12.50');
});

describe('id', () => {
  test.each(VALID_IDS)('%p is valid', (given, id) => {
    expect(validateProduct({ ...valid, id: given })).toEqual({ entity: { ...entity, id } });
  });

  test.each(ID_ERRORS)('%p breaks %s', (id, code) => {
    const message = {
      isNotEmpty: 'Id cannot be empty',
      isInt: `Id must be a whole number up to 9007199254740991${SETTING_ADVICE[String(id)] ?? ''}`,
      isPositive: 'Id must be positive',
    }[code];
    expect(errorsOf(validateProduct({ ...valid, id }))).toEqual([{ property: 'id', code, message }]);
  });
});

test('a number beyond what JavaScript holds exactly is no id', () => {
  expect(errorsOf(validateProduct({ ...valid, id: 2 ** 53 }))).toEqual([
    { property: 'id', code: 'isInt', message: 'Id must be a whole number up to 9007199254740991' },
  ]);
});

describe('price', () => {
  test.each<[unknown, string]>([
    ['12.50', '12.50'],
    ['0.01', '0.01'],
    ['1', '1.00'],
    ['1.5', '1.50'],
    [' 1.50 ', '1.50'],
    ['+1.5', '1.50'],
    ['007.10', '7.10'],
    ['9999999999.99', '9999999999.99'],
    ['9999999999.9', '9999999999.90'],
    [12.5, '12.50'],
    [0.1, '0.10'],
    [1, '1.00'],
    [9999999999.99, '9999999999.99'],
  ])('%p is kept as %p', (given, kept) => {
    expect(validateProduct({ ...valid, price: given })).toEqual({ entity: { ...entity, price: kept } });
  });

  test.each<[unknown, object[]]>([
    ['', [EMPTY_PRICE]],
    ['  ', [EMPTY_PRICE]],
    [null, [EMPTY_PRICE]],
    [undefined, [EMPTY_PRICE]],
    ['0', [NOT_POSITIVE]],
    ['0.00', [NOT_POSITIVE]],
    ['-0', [NOT_POSITIVE]],
    ['-1', [NOT_POSITIVE]],
    ['-0.01', [NOT_POSITIVE]],
    [0, [NOT_POSITIVE]],
    [-1.5, [NOT_POSITIVE]],
    ['10000000000.00', [TOO_MUCH]],
    ['10000000000', [TOO_MUCH]],
    ['99999999999999999999999999', [TOO_MUCH]],
    [10000000000, [TOO_MUCH]],
    ['1.999', [NOT_GROUPED]],
    ['1.000', [NOT_GROUPED]],
    [1.999, [NO_DECIMAL]],
    [0.1 + 0.2, [NO_DECIMAL]],
    ['0.000', [NO_DECIMAL, NOT_POSITIVE]],
    ['-1.999', [NOT_GROUPED, NOT_POSITIVE]],
    [-1.999, [NO_DECIMAL, NOT_POSITIVE]],
    ['9999999999.991', [NO_DECIMAL, TOO_MUCH]],
    ['1e3', [NO_DECIMAL]],
    ['1,50', [NO_COMMA]],
    ['1,000.00', [NOT_GROUPED]],
    ['$1', [NO_SIGN]],
    ['.5', [NO_DECIMAL]],
    ['5.', [NO_DECIMAL]],
    ['0x10', [NO_DECIMAL]],
    ['NaN', [NO_DECIMAL]],
    ['abc', [NO_DECIMAL]],
    ['1 2', [NO_DECIMAL]],
    [1e21, [NO_DECIMAL]],
    [1e-7, [NO_DECIMAL]],
    [true, [NO_DECIMAL]],
    [[], [NO_DECIMAL]],
    [['1'], [NO_DECIMAL]],
    [{}, [NO_DECIMAL]],
  ])('%p is rejected', (given, errors) => {
    expect(errorsOf(validateProduct({ ...valid, price: given }))).toEqual(errors);
  });
});

describe('sku', () => {
  test.each<[string, unknown, string | null]>([
    ['empty', '', null],
    ['blank', '  ', null],
    ['null', null, null],
    ['undefined', undefined, null],
    ['one character', 'A', 'A'],
    ['64 characters', 's'.repeat(64), 's'.repeat(64)],
    ['64 characters outside the basic plane', '😀'.repeat(64), '😀'.repeat(64)],
    ['digits, with the zeros before them', '007', '007'],
  ])('may be %s', (_what, given, sku) => {
    expect(validateProduct({ ...valid, sku: given })).toEqual({ entity: { ...entity, sku } });
  });

  test('may have no column, and then nothing is said of it', () => {
    const { sku: _, ...rest } = valid;
    expect(validateProduct(rest)).toEqual({ entity: { ...entity, sku: undefined } });
  });

  test.each<[string, unknown, object]>([
    ['65 characters', 's'.repeat(65), LONG_SKU],
    ['65 characters outside the basic plane', '😀'.repeat(65), LONG_SKU],
    ['with a space of no width', 'A\u200b1', invisible('U+200B')],
    ['with a space that does not break', 'A\u00a01', invisible('U+00A0')],
    ['with a tab', 'A\t1', invisible('U+0009')],
    ['a number', 7, SKU_NOT_TEXT],
    ['false', false, SKU_NOT_TEXT],
    ['a list', [], SKU_NOT_TEXT],
  ])('must not be %s', (_what, sku, error) => {
    expect(errorsOf(validateProduct({ ...valid, sku }))).toEqual([error]);
  });
});

describe('name', () => {
  test.each([
    ['100 characters', 'n'.repeat(100)],
    ['100 characters outside the basic plane', '😀'.repeat(100)],
  ])('may be %s', (_what, name) => {
    expect(validateProduct({ ...valid, name })).toEqual({ entity: { ...entity, name } });
  });

  test.each<[string, unknown, object]>([
    ['empty', '', EMPTY_NAME],
    ['blank', '  ', EMPTY_NAME],
    ['null', null, EMPTY_NAME],
    ['101 characters', 'n'.repeat(101), LONG_NAME],
    ['101 characters outside the basic plane', '😀'.repeat(101), LONG_NAME],
    ['a number', 7, NAME_NOT_TEXT],
  ])('must not be %s', (_what, name, error) => {
    expect(errorsOf(validateProduct({ ...valid, name }))).toEqual([error]);
  });
});

test('all errors of a record are reported', () => {
  const record = { id: 'x', sku: 's'.repeat(65), name: '', price: '-1.999' };
  expect(errorsOf(validateProduct(record))).toEqual([
    { property: 'id', code: 'isInt', message: 'Id must be a whole number up to 9007199254740991' },
    EMPTY_NAME,
    NOT_GROUPED,
    NOT_POSITIVE,
    LONG_SKU,
  ]);
});

test('a price of 4 million digits is judged like any other that is too high', () => {
  expect(errorsOf(validateProduct({ ...valid, price: '9'.repeat(4_000_000) }))).toEqual([
    { property: 'price', code: 'max', message: 'Price can be at most 9,999,999,999.99' },
  ]);
});
