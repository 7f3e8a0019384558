/** JSON numbers: exact, or the text that stood in the file. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactNumber, readJson, readNestedJson } from '../../../src/populate/read/json-value.ts';
import { WrittenNumber } from '../../../src/shared/json/written-number.ts';
import { depth } from '../../support/depth.ts';

const EXACT: [string, number][] = [
  ['0', 0],
  ['1', 1],
  ['-1', -1],
  ['0.1', 0.1],
  ['12.5', 12.5],
  ['1.999', 1.999],
  ['10', 10],
  ['1.0001', 1.0001],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['123456789012.345', 123456789012.345],
];

/** What JavaScript would make another number of, or would not write again as it is. */
const KEPT_AS_TEXT = [
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
  // these are numbers, but in a CSV file their spelling decides
  '1e3',
  '1E3',
  '1.5e-3',
  '19.990',
  '12.50',
  '5.0',
  '-5.00',
  '-0',
  '-0.0',
];

describe('exactNumber', () => {
  test.each(EXACT)('%s is a number', (text, number) => {
    expect(exactNumber(text)).toBe(number);
  });

  test.each(KEPT_AS_TEXT)('%s stays text', (text) => {
    expect(exactNumber(text)).toBe(text);
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

describe('readJson', () => {
  test.each(EXACT)('%s is a number, wherever it stands', (text, number) => {
    expect(readJson(text)).toEqual({ value: number });
    expect(readJson(`{"a":[${text}],"b" : ${text} }`)).toEqual({ value: { a: [number], b: number } });
  });

  test.each(KEPT_AS_TEXT)('%s stays text as the value of a property', (text) => {
    expect(readJson(text)).toEqual({ value: text });
    expect(readJson(`{"b" : ${text} }`)).toEqual({ value: { b: text }, numbers: new Set(['b']) });
  });

  test.each([
    ['1e3', 1000],
    ['19.990', 19.99],
    ['-5.00', -5],
  ])('%s is a number within a property', (text, number) => {
    expect(readJson(`{"a":[${text}],"b":{"c":${text}}}`)).toEqual({ value: { a: [number], b: { c: number } } });
    expect(readNestedJson(text)).toEqual({ value: number });
    expect(readNestedJson(`{"b":${text}}`)).toEqual({ value: { b: number } });
  });

  test.each(['9007199254740993', '1e400', '0.1234567890123456789'])(
    '%s is kept as it is written within a property',
    (text) => {
      const { value } = readJson(`{"a":[${text}],"b":{"c":${text}}}`) as { value: object };
      expect(value).toEqual({ a: [new WrittenNumber(text)], b: { c: new WrittenNumber(text) } });
      expect(JSON.stringify(value)).toBe(`{"a":[${text}],"b":{"c":${text}}}`);
    },
  );

  test.each(['', '{', '{"a":}', '{"a":1,}', "{'a':1}", '01', 'NaN', '[1 2]', '9007199254740993x'])(
    'refuses %j, and says where it is wrong',
    (text) => {
      expect(readJson(text)).toEqual({ fault: expect.stringMatching(/./), at: expect.any(Number) });
    },
  );

  test.each(['{"__proto__":{"x":1},"constructor":2}', '{"__proto__":{"x":1},"constructor":9007199254740993}'])(
    'names of what every object has are keys like others: %s',
    (text) => {
      const { value } = readJson(text) as { value: object };
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    },
  );

  test.each([
    ['side by side', '{"id":1,"id":2}', 'id'],
    ['with the same value', '{"id":1,"id":1}', 'id'],
    ['with white space before the colon', '{"id" :1,"id"\t:2}', 'id'],
    ['one with escapes', String.raw`{"id":1,"\u0069d":2}`, 'id'],
    ['in an object within', '{"a":{"id":1,"b":2,"id":3}}', 'id'],
    ['in an object in an array', '{"a":[{"b":1},{"id":1,"id":3}]}', 'id'],
    ['with a colon in a value that makes up for it', '{"a":"\\":","id":1,"id":2}', 'id'],
    ['of every object', '{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('a key twice is a problem: %s', (_what, text, key) => {
    expect(readJson(text)).toEqual({ problem: `The key "${key}" occurs twice in one object` });
  });

  test.each(['{"a":{"id":1},"b":{"id":1},"id":[{"id":1},{"id":2}]}', '{"a":"\\":\\":","b":": \\" :"}'])(
    'a key in several objects, and colons in text, are none: %s',
    (text) => {
      expect(readJson(text)).toEqual({ value: JSON.parse(text) });
    },
  );

  test('limits how deep, how many and how long', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const keys = (count: number) => `{${Array.from({ length: count }, (_, key) => `"${key}":1`).join()}}`;
    const named = (length: number) => `{"${'k'.repeat(length)}":1}`;
    expect(readJson(nested(64))).toHaveProperty('value');
    expect(readJson(nested(65))).toEqual({ problem: 'The record is nested deeper than 64 levels' });
    expect(readJson(keys(16_384))).toHaveProperty('value');
    expect(readJson(keys(16_385))).toEqual({ problem: 'The record has more than 16,384 keys and elements' });
    expect(readJson(`[${'1,'.repeat(16_384)}1]`)).toEqual(readJson(keys(16_385)));
    expect(readJson(named(1000))).toHaveProperty('value');
    expect(readJson(named(1001))).toEqual({ problem: 'The record has a key of more than 1,000 characters' });
  });

  test.each([
    ['brackets', '['.repeat(2 ** 20 + 1), 'The record is nested deeper than 64 levels'],
    ['elements', `[${'1,'.repeat(2 ** 20)}1]`, 'The record has more than 16,384 keys and elements'],
  ])('a long text is not parsed before its %s are counted', (_what, text, problem) => {
    expect(readJson(text)).toEqual({ problem });
  });

  // a pattern that looks for the zeros at its end from each of them takes hours
  test.each(['', '1', '.5', 'e5'])('a number of a million zeros is read once, with %j behind them', (end) => {
    const text = `1${'0'.repeat(2 ** 20)}${end}`;
    const read = readJson(`{"id":${text}}`) as { value: { id: string } };
    expect(read.value.id === text).toBe(true);
  });

  test('numbers are kept as text in a record of any length', () => {
    const long = 'x'.repeat(2 ** 20);
    expect(readJson(`{"a":"${long}","b":1e3}`)).toEqual({
      value: { a: long, b: '1e3' },
      numbers: new Set(['b']),
    });
  });

  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, depthSize: 'small' }), (value) => {
        const doubles = /[\d.]{16}|\d[eE]|-0/;
        fc.pre(!doubles.test(JSON.stringify(value)));
        const read = readJson(JSON.stringify(value)) as { value: unknown };
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(value));
      }),
    );
  });
});
