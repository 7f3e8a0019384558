/** Text to typed values: what spells a value of a type, and what does not. */
import { describe, expect, test } from '@jest/globals';
import { Type } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import fc from 'fast-check';
import { coercionOf } from '../../../src/populate/record/coerce.ts';
import type { Coercion } from '../../../src/populate/record/coercion.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { AmountType } from '../../../src/shared/money/amount.type.ts';
import { depth } from '../../support/depth.ts';
import { metadataOf } from '../../support/metadata.ts';

/** Upper case text; fits no text that holds a digit. */
class ShoutType extends Type<string, string> {
  fromText(text: string): string | undefined {
    return /\d/.test(text) ? undefined : text.toUpperCase();
  }

  override getColumnType(): string {
    return 'text';
  }
}

@Entity()
class Sample {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'smallint' })
  small!: number;

  @Property({ type: 'double' })
  ratio!: number;

  @Property({ type: 'float' })
  share!: number;

  @Property({ type: 'text' })
  note!: string;

  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'boolean' })
  active!: boolean;

  @Property({ type: 'datetime' })
  at!: Date;

  @Property({ type: AmountType })
  price!: string;

  @Property({ type: ShoutType })
  shout!: string;

  @Property({ type: 'json' })
  data!: object;

  @Property({ type: 'object', columnType: 'tsvector', runtimeType: 'Words' })
  words!: object;
}

const metadata = metadataOf(Sample);
const properties = new Map(metadata.props.map((property) => [String(property.name), property]));

function coercion(name: string): Coercion {
  const property = properties.get(name);
  if (property === undefined) {
    throw new Error(`Sample has no property ${name}`);
  }
  return coercionOf(metadata, property);
}

const NEVER = [[], {}, null, undefined, ['1'], new Date(0), 1n, Symbol('1')];

describe.each(['id', 'small'])('a whole number (%s)', (name) => {
  const { from, expected } = coercion(name);

  test('is expected', () => {
    expect(expected).toBe('a whole number up to 9007199254740991');
  });

  test.each<[unknown, number]>([
    ['0', 0],
    ['12', 12],
    ['-12', -12],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    [5, 5],
    [0, 0],
  ])('%p is %p', (value, number) => {
    expect(from(value)).toBe(number);
  });

  test.each([
    ...['', ' ', '1 ', '+1', '-0', '-', '1.0', '1e3', '0x10', '12abc', '1,000', '1_000', '١', 'NaN', 'Infinity'],
    ...['9007199254740992', '9007199254740993', '-9007199254740992'],
    ...[1.5, -0, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, true, ...NEVER],
  ])('%p is none', (value) => {
    expect(from(value)).toBeUndefined();
  });

  test('any text is the number that it spells, or none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }).map(String), fc.string()), (text) => {
        const value = from(text);
        fc.pre(value !== undefined);
        expect(text.replace(/^(-?)0+(?=\d)/, '$1')).toBe(String(value));
      }),
    );
  });
});

describe.each(['ratio', 'share'])('a decimal number (%s)', (name) => {
  const { from, expected } = coercion(name);

  test('is expected', () => {
    expect(expected).toBe('a decimal number');
  });

  test.each<[unknown, number]>([
    ['0', 0],
    ['12', 12],
    ['0.1', 0.1],
    ['-12.50', -12.5],
    ['00.5', 0.5],
    // as PostgreSQL and JavaScript write them
    ['1e3', 1000],
    ['1e-07', 1e-7],
    ['-1.5E+20', -1.5e20],
    ['0e0', 0],
    ['0.0e-400', 0],
    [0.1, 0.1],
    [1e300, 1e300],
  ])('%p is %p', (value, number) => {
    expect(from(value)).toBe(number);
  });

  test.each([
    ...[
      '',
      ' ',
      '.5',
      '5.',
      '1e',
      'e3',
      '1e3.5',
      '1e400',
      '-1e400',
      '1e-400',
      '+1',
      '1,5',
      '0x10',
      '1.2.3',
      'NaN',
      'Infinity',
      '9'.repeat(400),
    ],
    ...[Number.NaN, Number.POSITIVE_INFINITY, true, ...NEVER],
  ])('%p is none', (value) => {
    expect(from(value)).toBeUndefined();
  });
});

describe.each(['note', 'name'])('text (%s)', (name) => {
  const { from, expected } = coercion(name);

  test('is expected', () => {
    expect(expected).toBe('text');
  });

  test.each(['', ' a ', '12', 'é😀'])('%p is itself', (value) => {
    expect(from(value)).toBe(value);
  });

  test.each([1, true, ...NEVER])('%p is none', (value) => {
    expect(from(value)).toBeUndefined();
  });
});

describe('true or false', () => {
  const { from, expected } = coercion('active');

  test('is expected', () => {
    expect(expected).toBe('true or false');
  });

  test.each<[unknown, boolean]>([
    ['true', true],
    ['false', false],
    ['TRUE', true],
    ['True', true],
    ['FALSE', false],
    ['False', false],
    [true, true],
    [false, false],
  ])('%p is %p', (value, truth) => {
    expect(from(value)).toBe(truth);
  });

  test.each(['', 'TrUE', 'tRUE', 'yes', '1', '0', 't', ' true', 1, 0, ...NEVER])('%p is neither', (value) => {
    expect(from(value)).toBeUndefined();
  });
});

describe('a date and time', () => {
  const { from, expected } = coercion('at');

  test('is expected', () => {
    expect(expected).toBe('an ISO 8601 date and time with a zone, to the millisecond');
  });

  test.each([
    ['2024-01-31T12:34:56Z', '2024-01-31T12:34:56.000Z'],
    ['2024-01-31T12:34:56.789Z', '2024-01-31T12:34:56.789Z'],
    ['2024-01-31T12:34:56.7Z', '2024-01-31T12:34:56.700Z'],
    ['2024-01-31T12:34Z', '2024-01-31T12:34:00.000Z'],
    ['2024-01-31 12:34:56Z', '2024-01-31T12:34:56.000Z'],
    ['2024-01-31t12:34:56z', '2024-01-31T12:34:56.000Z'],
    ['2024-01-31T12:34:56+02:00', '2024-01-31T10:34:56.000Z'],
    ['2024-01-31T12:34:56-0530', '2024-01-31T18:04:56.000Z'],
    ['2024-01-31T12:34:56+00:00', '2024-01-31T12:34:56.000Z'],
    ['2024-01-31 12:34:56.789000+05', '2024-01-31T07:34:56.789Z'],
    ['0050-01-31T12:34:56Z', '0050-01-31T12:34:56.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2023-02-28T23:59:59-12:00', '2023-03-01T11:59:59.000Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
  ])('%s is %s', (text, iso) => {
    expect((from(text) as Date).toISOString()).toBe(iso);
  });

  test.each([
    ['31 February', '2024-02-31T00:00:00Z'],
    ['30 February', '2024-02-30T00:00:00Z'],
    ['29 February of a common year', '2023-02-29T00:00:00Z'],
    ['29 February of a century', '1900-02-29T00:00:00Z'],
    ['31 April', '2024-04-31T00:00:00Z'],
    ['day 32', '2024-01-32T00:00:00Z'],
    ['day 0', '2024-01-00T00:00:00Z'],
    ['month 13', '2024-13-01T00:00:00Z'],
    ['month 0', '2024-00-01T00:00:00Z'],
    ['hour 25', '2024-01-01T25:00:00Z'],
    ['minute 60', '2024-01-01T00:60:00Z'],
    ['second 61', '2024-01-01T00:00:61Z'],
    ['a zone of 99 hours', '2024-01-01T00:00:00+99:00'],
    ['a zone of 99 hours without a colon', '2024-01-01T00:00:00+9900'],
    ['a zone of 60 minutes', '2024-01-01T00:00:00+01:60'],
    ['a zone of 60 minutes without a colon', '2024-01-01T00:00:00+0160'],
    ['what would have to be rounded', '2024-01-31T12:34:56.7891Z'],
    ['no zone', '2024-01-31T12:34:56'],
    ['no time', '2024-01-31'],
    ['a zone but no time', '2024-01-31Z'],
    ['two digits of a year', '24-01-31T12:34:56Z'],
    ['other separators', '2024/01/31T12:34:56Z'],
    ['the American order', '01/31/2024'],
    ['the name of a zone', '2024-01-31T12:34:56 UTC'],
    ['spaces around', ' 2024-01-31T12:34:56Z '],
    ['nothing', ''],
    ['a word', 'now'],
    ['seconds since 1970, as text', '1706704496'],
    ['a number', 1706704496000],
  ])('%s is none', (_what, value) => {
    expect(from(value)).toBeUndefined();
  });

  test('any time is read as it is written', () => {
    const date = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (value) => {
        expect(from(value.toISOString())).toEqual(value);
      }),
    );
  });
});

describe('a custom type', () => {
  test('reads text, and numbers as if they were written', () => {
    const { from, expected } = coercion('price');
    expect(expected).toBe('a value of AmountType');
    expect(from('5')).toBe('5.00');
    expect(from(5.5)).toBe('5.50');
    expect(from('1.999')).toBeUndefined();
  });

  test('reads nothing else', () => {
    const { from } = coercion('shout');
    expect(from('hey')).toBe('HEY');
    for (const value of ['h3y', 3, true, ...NEVER]) {
      expect(from(value)).toBeUndefined();
    }
  });
});

test('words are of a type that cannot be read from a file', () => {
  expect(() => coercion('words')).toThrow(
    new MeridianError(
      'usage',
      'Sample.words is of type unknown, which cannot be read from a file. Give it a custom type with convertToDatabaseValue and convertToJSValue.',
    ),
  );
});

describe('the quick coercion', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 17 }),
    fc.string({
      unit: fc.constantFrom(...'0123456789.-+ \t\n\0eaé\u00a0\u2028\ufeff\ud83d\ude00\u007f'),
      maxLength: 6,
    }),
    fc.string({ unit: 'binary' }),
  );

  test.each(['id', 'small', 'note', 'name', 'price', 'shout'])(
    'gives what the full coercion gives, and only for text that needs no trimming: %s',
    (name) => {
      const { quick, from } = coercion(name);
      fc.assert(
        fc.property(text, (given) => {
          const value = quick?.(given);
          fc.pre(value !== undefined);
          expect([from(given), given.trim(), given.includes('\0'), given.isWellFormed(), given === '']).toEqual([
            value,
            given,
            false,
            true,
            false,
          ]);
        }),
        { numRuns: depth(100, 1000) },
      );
    },
  );

  test.each<[string, string, unknown]>([
    ['id', '0', 0],
    ['id', '007', 7],
    ['id', '999999999999999', 999999999999999],
    ['id', '1000000000000000', undefined],
    ['id', '-1', undefined],
    ['name', 'a', 'a'],
    ['name', 'Zoë  Ada\tx', 'Zoë  Ada\tx'],
    ['name', 'Zoë', undefined],
    ['name', ' a', undefined],
    ['name', '', undefined],
    ['price', '5', '5.00'],
  ])('of %s takes %j for %p', (name, given, value) => {
    const { quick } = coercion(name);
    expect(quick?.(given)).toBe(value);
  });
});
