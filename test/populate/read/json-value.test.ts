/** JSON numbers: exact, or the text that stood in the file. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactNumber, isJsonObject, parseJson } from '../../../src/populate/read/json-value.ts';
import { depth } from '../../support/depth.ts';

const EXACT: [string, number][] = [
  ['0', 0],
  ['1', 1],
  ['-1', -1],
  ['-0', -0],
  ['0.1', 0.1],
  ['12.50', 12.5],
  ['1.999', 1.999],
  ['1e3', 1000],
  ['1E3', 1000],
  ['1.5e-3', 0.0015],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['0.00000000000000000001', 1e-20],
  ['123456789012.345', 123456789012.345],
];

const INEXACT = [
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
];

describe('exactNumber', () => {
  test.each(EXACT)('%s is a number', (text, number) => {
    expect(exactNumber(text)).toBe(number);
  });

  test.each(INEXACT)('%s stays text', (text) => {
    expect(exactNumber(text)).toBe(text);
  });

  test('a number of a million digits is read at once', () => {
    const text = `1${'0'.repeat(1_000_000)}1`;
    expect(exactNumber(text)).toBe(text);
    expect(parseJson(`{"a":${text}}`)).toEqual({ a: text });
  });

  test('any whole number is the same one, as number or as text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (whole) => {
        const value = exactNumber(String(whole));
        expect(BigInt(value)).toBe(whole);
        expect(typeof value === 'number').toBe(whole >= -(2n ** 53n) + 1n && whole <= 2n ** 53n - 1n);
      }),
    );
  });

  test('any decimal number that is taken for a number is written the same again', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 });
    fc.assert(
      fc.property(fc.nat(), digits, fc.integer({ min: 1, max: 9 }), (units, decimals, last) => {
        const text = `${units}.${decimals}${last}`;
        const value = exactNumber(text);
        fc.pre(typeof value === 'number' && !String(value).includes('e'));
        expect(String(value)).toBe(text);
      }),
      { numRuns: depth(200, 1000) },
    );
  });
});

describe('parseJson', () => {
  test.each(EXACT)('%s is a number, wherever it stands', (text, number) => {
    expect(parseJson(text)).toBe(number);
    expect(parseJson(`{"a":[${text}],"b":${text}}`)).toEqual({ a: [number], b: number });
  });

  test.each(INEXACT)('%s stays text, wherever it stands', (text) => {
    expect(parseJson(text)).toBe(text);
    expect(parseJson(`{"a":[${text}],"b":${text}}`)).toEqual({ a: [text], b: text });
  });

  test.each(['', '{', '{"a":}', '{"a":1,}', "{'a':1}", '01', 'NaN', '[1 2]', '9007199254740993x'])(
    'refuses %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    },
  );

  test.each(['{"__proto__":{"x":1},"constructor":2}', '{"__proto__":{"x":1},"constructor":9007199254740993}'])(
    'names of what every object has are keys like others: %s',
    (text) => {
      const value = parseJson(text) as object;
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    },
  );

  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, depthSize: 'small' }), (value) => {
        const doubles = /[\d.]{16}|\d[eE]/;
        fc.pre(!doubles.test(JSON.stringify(value)));
        expect(JSON.stringify(parseJson(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });
});

test.each<[unknown, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  [1, false],
  [true, false],
])('isJsonObject(%j) is %s', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});
