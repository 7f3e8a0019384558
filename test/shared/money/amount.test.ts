/** Amounts as text, as cents and in the database, and the rules about them: exact, however long the text. */
import { describe, expect, test } from '@jest/globals';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { IsAmount, IsPositiveAmount, MaxAmount } from '../../../src/shared/money/amount.rules.ts';
import { canonicalAmount, decimalPlaces, fromCents, shortCents, toCents } from '../../../src/shared/money/amount.ts';
import { AmountType } from '../../../src/shared/money/amount.type.ts';
import { depth } from '../../support/depth.ts';

const digits = (limit: { minLength: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), ...limit });

/** Decimal text of any length, with the amount in units of 10 to the -30. */
const decimal = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    units: digits({ minLength: 1, maxLength: 20 }),
    decimals: digits({ minLength: 0, maxLength: 30 }),
  })
  .map(({ sign, units, decimals }) => ({
    text: sign + units + (decimals && `.${decimals}`),
    places: decimals.length,
    exact: BigInt(units + decimals.padEnd(30, '0')) * (sign === '-' ? -1n : 1n),
  }));

const CENT = 10n ** 28n;

describe('toCents and fromCents', () => {
  test.each([
    ['0', 0n],
    ['12', 1200n],
    ['12.5', 1250n],
    ['12.50', 1250n],
    ['0.01', 1n],
    ['-12.50', -1250n],
    ['-0.01', -1n],
    ['-0', 0n],
    ['+5', 500n],
    ['007', 700n],
    ['90071992547409.93', 9007199254740993n],
    ['99999999999999999999.99', 9999999999999999999999n],
  ])('%s is %p cents', (text, cents) => {
    expect(toCents(text)).toBe(cents);
  });

  test.each(['', ' ', '1e3', '1.999', '1.000', '1,50', '1,000.00', '.5', '5.', '--1', '+-1', '1 ', ' 1', '0x10', '١'])(
    '%j is no amount',
    (text) => {
      expect(toCents(text)).toBeUndefined();
    },
  );

  test.each(['NaN', 'Infinity', '$1', '1.2.3', '12abc', '1\n', '-'])('%j is no amount either', (text) => {
    expect(toCents(text)).toBeUndefined();
  });

  test.each([
    [0n, '0.00'],
    [1n, '0.01'],
    [10n, '0.10'],
    [1250n, '12.50'],
    [-1n, '-0.01'],
    [-1250n, '-12.50'],
    [9007199254740993n, '90071992547409.93'],
  ])('%p cents are %s', (cents, text) => {
    expect(fromCents(cents)).toBe(text);
  });

  test('any number of cents comes back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 32n) + 1n, max: 10n ** 32n - 1n }), (cents) => {
        expect(toCents(fromCents(cents))).toBe(cents);
      }),
    );
  });

  test('any decimal text is its exact number of cents, or has more than two places', () => {
    fc.assert(
      fc.property(decimal, ({ text, places, exact }) => {
        expect(toCents(text)).toBe(places > 2 ? undefined : exact / CENT);
      }),
    );
  });
});

describe('the short way', () => {
  const short = fc
    .record({
      sign: fc.constantFrom('', '', '', '-', '+'),
      units: digits({ minLength: 1, maxLength: 15 }),
      decimals: digits({ minLength: 0, maxLength: 3 }),
    })
    .map(({ sign, units, decimals }) => sign + units + (decimals && `.${decimals}`));
  const text = fc.oneof(
    short,
    fc.string({ unit: fc.constantFrom(...'0159.-+ e,/:'), maxLength: 15 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );

  /** Read by what has nothing in common with it. */
  const plainly = (amount: string) => {
    const [, units = '', decimals = ''] = /^(\d+)(?:\.(\d\d?))?$/.exec(amount) ?? [];
    return units === '' ? undefined : BigInt(units) * 100n + BigInt(decimals.padEnd(2, '0'));
  };

  test('gives the exact cents of every plain amount of up to 13 characters, and of nothing else', () => {
    fc.assert(
      fc.property(text, (amount) => {
        const cents = shortCents(amount);
        const exact = amount.length > 13 ? undefined : plainly(amount);
        expect(cents === undefined ? undefined : BigInt(cents)).toBe(exact);
        expect(cents === undefined || Number.isSafeInteger(cents)).toBe(true);
      }),
      { numRuns: depth(500, 5000) },
    );
  });

  test('leads to the same canonical form as the long way', () => {
    fc.assert(
      fc.property(text, (amount) => {
        const cents = toCents(amount);
        expect(canonicalAmount(amount)).toBe(cents === undefined ? undefined : fromCents(cents));
      }),
      { numRuns: depth(500, 5000) },
    );
  });

  test.each([
    ['9999999999999', 999999999999900],
    ['99999999999999', undefined],
    ['9999999999.99', 999999999999],
    ['99999999999.99', undefined],
    ['0.00', 0],
    ['.50', undefined],
    ['5.', undefined],
    ['', undefined],
    ['.', undefined],
    ['1.2.3', undefined],
    ['1.23.', undefined],
    ['1:2', undefined],
    ['-1', undefined],
  ])('%j is %p cents', (amount, cents) => {
    expect(shortCents(amount)).toBe(cents);
  });
});

describe('AmountType', () => {
  const type = new AmountType();

  test.each([
    ['12.50', 1250],
    ['-0.01', -1],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
  ])('keeps %s as %p', (text, cents) => {
    expect(type.convertToDatabaseValue(text)).toBe(cents);
    expect(type.convertToJSValue(cents)).toBe(text);
  });

  test('keeps nothing as null', () => {
    expect(type.convertToDatabaseValue(null)).toBeNull();
    expect(type.convertToJSValue(null)).toBeNull();
  });

  test.each(['1.999', 'abc', '', '90071992547409.92', '-90071992547409.92'])('refuses to keep %j', (text) => {
    expect(() => type.convertToDatabaseValue(text)).toThrow(
      new RangeError(`"${text}" is not an amount with at most two decimals`),
    );
  });

  test.each([
    ['5', '5.00'],
    ['5.0', '5.00'],
    ['+5.00', '5.00'],
    ['005', '5.00'],
    ['-0', '0.00'],
    ['1.999', undefined],
    ['', undefined],
  ])('gives %j its one form', (text, canonical) => {
    expect(type.fromText(text)).toBe(canonical);
  });

  test('is a whole number in the database', () => {
    expect([type.getColumnType(), type.compareAsType()]).toEqual(['bigint', 'number']);
  });

  test('any amount comes back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (cents) => {
        const text = type.convertToJSValue(cents);
        expect(type.convertToDatabaseValue(text)).toBe(cents);
        expect(type.fromText(String(text))).toBe(text);
      }),
    );
  });

  test.each<[string, unknown]>([
    ['a fraction of a cent', 1250.5],
    ['text', 'abc'],
    ['more than JavaScript holds exactly', 2 ** 53],
    ['not a number', Number.NaN],
  ])('what is no whole number of cents comes out as something that the rules reject: %s', (_what, stored) => {
    class Stored {
      @IsAmount()
      @MaxAmount('9999999999.99')
      price = type.convertToJSValue(stored as number);
    }
    expect(validateSync(new Stored())).toHaveLength(1);
  });
});

describe('rules', () => {
  /** The codes of the rules that a value breaks. */
  function codesOf(value: unknown, ...rules: PropertyDecorator[]): string[] {
    class Priced {
      price = value;
    }
    for (const rule of rules) {
      rule(Priced.prototype, 'price');
    }
    return validateSync(new Priced(), { forbidUnknownValues: false }).flatMap(({ constraints = {} }) =>
      Object.keys(constraints),
    );
  }

  const NO_DECIMALS = [undefined, null, '', 'abc', '1e3', '1,5', '.5', 5, 0, -5, 1e11, true, [], ['5'], {}, 5n];

  test.each(NO_DECIMALS)('%p is for IsAmount alone to reject', (value) => {
    expect(codesOf(value, IsAmount())).toEqual(['isDecimal']);
    expect(codesOf(value, IsPositiveAmount(), MaxAmount('1'))).toEqual([]);
  });

  test('IsAmount takes decimal text with at most two places', () => {
    fc.assert(
      fc.property(decimal, ({ text, places }) => {
        expect(codesOf(text, IsAmount())).toEqual(places > 2 ? ['isDecimal'] : []);
      }),
    );
  });

  test('IsPositiveAmount takes what is greater than zero', () => {
    fc.assert(
      fc.property(decimal, ({ text, exact }) => {
        expect(codesOf(text, IsPositiveAmount())).toEqual(exact > 0n ? [] : ['isPositive']);
      }),
    );
  });

  test('MaxAmount takes what is not greater than its limit', () => {
    fc.assert(
      fc.property(decimal, fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), ({ text, exact }, limit) => {
        expect(codesOf(text, MaxAmount(fromCents(limit)))).toEqual(exact > limit * CENT ? ['max'] : []);
      }),
    );
  });

  test('MaxAmount is exact right beside its limit', () => {
    const beside = fc.bigInt({ min: -3n * CENT, max: 3n * CENT });
    fc.assert(
      fc.property(fc.bigInt({ min: -3n, max: 3n }), beside, (limit, difference) => {
        const exact = limit * CENT + difference;
        const units = (exact < 0n ? -exact : exact).toString().padStart(31, '0');
        const text = `${exact < 0n ? '-' : ''}${units.slice(0, -30)}.${units.slice(-30)}`;
        expect(codesOf(text, MaxAmount(fromCents(limit)))).toEqual(difference > 0n ? ['max'] : []);
      }),
      { numRuns: depth(100, 1000) },
    );
  });

  test.each([
    ['9999999999.99', '9999999999.99', []],
    ['9999999999.990', '9999999999.99', []],
    ['9999999999.9900000000000000001', '9999999999.99', ['max']],
    ['10000000000', '9999999999.99', ['max']],
    ['-1', '0', []],
    ['-0.001', '0', []],
    ['0.001', '0', ['max']],
    ['-1.005', '-1', []],
    ['-0.995', '-1', ['max']],
  ])('%s against a limit of %s', (text, limit, codes) => {
    expect(codesOf(text, MaxAmount(limit))).toEqual(codes);
  });

  test.each(['', 'abc', '1.999', '1e3'])('MaxAmount refuses the limit %j', (limit) => {
    expect(() => MaxAmount(limit)).toThrow(new RangeError(`MaxAmount takes an amount such as "99.95", not "${limit}"`));
  });

  test('take a message of their own', () => {
    class Priced {
      @IsAmount({ message: 'no amount' })
      price = 'x';
    }
    expect(validateSync(new Priced())[0]?.constraints).toEqual({ isDecimal: 'no amount' });
  });
});

describe('decimalPlaces', () => {
  test('reads what a pattern would read', () => {
    const spelled = fc.oneof(
      decimal.map(({ text }) => text),
      fc.string({ unit: fc.constantFrom('0', '7', '9', '.', '+', '-', 'e', ' '), maxLength: 8 }),
    );
    fc.assert(
      fc.property(spelled, (text) => {
        const [, decimals] = /^[+-]?\d+(?:\.(\d+))?$/.exec(text) ?? [];
        const isNumber = /^[+-]?\d+(?:\.\d+)?$/.test(text);
        expect(decimalPlaces(text)).toBe(isNumber ? (decimals?.length ?? 0) : undefined);
      }),
      { numRuns: depth(200, 2000) },
    );
  });
});
