/** What a column makes of a value, and what it cannot hold. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseColumnType } from '../../src/database/column-types.ts';
import { POSTGRESQL_STORAGE, type StoredValues } from '../../src/database/storage.ts';
import { canonicalDate, storedValues } from '../../src/database/stored-values.ts';

const SQLITE_STORAGE = { hasSingleFloats: false, hasInfinity: false, exactDigits: 15, hasLists: false };

function stored(declaration: string, runtimeType = 'string', dialect = POSTGRESQL_STORAGE): Required<StoredValues> {
  const { canonical = (value) => value, problem = () => undefined } = storedValues(
    parseColumnType(declaration),
    dialect,
    runtimeType,
  );
  return { canonical, problem: (value) => problem(canonical(value)) };
}

describe('a value has the form in which its column gives it back', () => {
  test.each<[string, unknown, unknown]>([
    ['char(5)', 'ab   ', 'ab'],
    ['varchar(5)', 'ab ', 'ab '],
    ['numeric(10,2)', '1.5', '1.50'],
    ['numeric(10,2)', '-0', '0.00'],
    ['numeric(10,2)', '1e-1', '0.10'],
    ['numeric(10,2)', '1.999', '1.999'],
    ['numeric(10,0)', '7.00', '7'],
    ['numeric', '1.500', '1.5'],
    ['bigint', '-007', '-7'],
    ['uuid', '6F9619FF-8B86-D011-B42D-00C04FC964FF', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
    ['uuid', '{6f9619ff8b86d011b42d00c04fc964ff}', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
    ['date', new Date('2026-01-02T00:00:00Z'), '2026-01-02'],
    ['date', '2026-01-02T00:00:00.000Z', '2026-01-02'],
    ['time(0)', '03:04', '03:04:00'],
    ['time', '03:04:05.500', '03:04:05.5'],
    ['citext', 'Ann', 'Ann'],
  ])('%s: %p is %p', (declaration, value, form) => {
    expect(stored(declaration).canonical(value)).toEqual(form);
  });

  test.each<[string, string, string]>([
    ['timestamptz(0)', '2026-01-02T03:04:05.500Z', '2026-01-02T03:04:06.000Z'],
    ['timestamptz(0)', '2026-01-02T03:04:05.499Z', '2026-01-02T03:04:05.000Z'],
    // PostgreSQL rounds away from 2000
    ['timestamptz(0)', '1999-01-02T03:04:05.500Z', '1999-01-02T03:04:05.000Z'],
    ['timestamp(2)', '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.680Z'],
    ['timestamptz(3)', '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['timestamptz', '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
  ])('%s: %s is %s', (declaration, value, form) => {
    expect(stored(declaration, 'Date').canonical(new Date(value))).toEqual(new Date(form));
  });

  test('a number of 32 bits is the shortest that is the same in them', () => {
    const { canonical } = stored('real', 'number');
    expect([0.1, 123_456.789, 16_777_217, -0.5, 1e300].map(canonical)).toEqual([
      0.1, 123_456.79, 16_777_216, -0.5, 1e300,
    ]);
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const form = canonical(number) as number;
        expect(Math.fround(form)).toBe(Math.fround(number));
        expect(canonical(form)).toBe(form);
      }),
    );
  });

  test('SQLite has no numbers of 32 bits', () => {
    expect(stored('real', 'number', SQLITE_STORAGE).canonical(123_456.789)).toBe(123_456.789);
  });
});

describe('a value that a column cannot hold', () => {
  test.each<[string, unknown, string | undefined]>([
    ['varchar(3)', 'abc', undefined],
    ['varchar(3)', 'abcd', 'can have at most 3 characters'],
    ['varchar(3)', '😀😀😀', undefined],
    ['varchar(1)', '😀😀', 'can have at most 1 character'],
    ['char(3)', 'abc   ', undefined],
    ['text', 'x'.repeat(50), undefined],
    ['numeric(10,2)', '12345678.90', undefined],
    ['numeric(10,2)', '123456789', 'can have at most 8 digits before its decimal point'],
    ['numeric(10,2)', '1.999', 'can have at most 2 decimals'],
    ['numeric(10,2)', '1.990', undefined],
    ['numeric(10,0)', '1.5', 'must be a whole number'],
    ['numeric(3,3)', '1', 'can have at most 0 digits before its decimal point'],
    ['numeric', `1.${'3'.repeat(50)}`, undefined],
    ['bigint', '9223372036854775807', undefined],
    ['bigint', '9223372036854775808', 'must be a whole number from -9223372036854775808 to 9223372036854775807'],
    ['time(0)', '03:04:05.5', 'can have no fraction of a second'],
    ['time(2)', '03:04:05.555', 'can have at most 2 decimals of a second'],
    ['date', '0000-01-01', 'must be in the years 1 to 9999'],
    ['date', '0001-01-01', undefined],
  ])('%s: %p', (declaration, value, problem) => {
    expect(stored(declaration).problem(value)).toBe(problem);
  });

  test.each<[string, number, string | undefined]>([
    ['smallint', 32_767, undefined],
    ['smallint', 32_768, 'must be a whole number from -32768 to 32767'],
    ['int4', -2_147_483_649, 'must be a whole number from -2147483648 to 2147483647'],
    ['bigint', Number.MAX_SAFE_INTEGER, undefined],
    ['numeric(10,2)', 1.999, 'can have at most 2 decimals'],
    ['real', 3.5e38, 'is beyond what a 32-bit number can hold'],
    ['real', 1e-60, 'is beyond what a 32-bit number can hold'],
    ['double precision', 1e300, undefined],
  ])('%s: %p', (declaration, value, problem) => {
    expect(stored(declaration, 'number').problem(value)).toBe(problem);
  });

  test.each<[string, string | undefined]>([
    ['0001-01-01T00:00:00.000Z', undefined],
    ['0000-12-31T23:59:00.000Z', 'must be in the years 1 to 9999'],
    // it becomes the first second of the year 10000
    ['9999-12-31T23:59:59.999Z', 'must be in the years 1 to 9999'],
    ['9999-12-31T23:59:59.000Z', undefined],
  ])('a time: %s', (value, problem) => {
    expect(stored('timestamptz(0)', 'Date').problem(new Date(value))).toBe(problem);
  });

  test('a number of a million digits is judged at once', () => {
    const digits = '9'.repeat(1_000_000);
    expect(stored('bigint').problem(digits)).toMatch(/^must be a whole number from /);
    expect(stored('numeric(10,2)').problem(`${digits}.${digits}`)).toBe('can have at most 2 decimals');
  });

  test('more digits than SQLite keeps', () => {
    const { problem } = stored('numeric(30,20)', 'string', SQLITE_STORAGE);
    expect(['12345.6789012345', '1234567890', '0.00001'].map(problem)).toEqual([undefined, undefined, undefined]);
    expect(problem('1234567890.1234567')).toBe('has more digits than its database stores exactly (15)');
    expect(problem(0.30000000000000004)).toBeUndefined();
    // a whole number is read as text
    expect(stored('bigint', 'string', SQLITE_STORAGE).problem('9007199254740993')).toBeUndefined();
  });
});

test.each(['2026-02-29', '2026-00-01', '2026-13-01', '2026-1-2', '26-01-02', '2026-01-02T00:00:00Z', 'today'])(
  '%p is no date',
  (text) => {
    expect(canonicalDate(text)).toBeUndefined();
  },
);
