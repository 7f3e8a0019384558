/** Values that people and programs really send: at the edges of what is allowed, just beyond, and odd all along. */
import fc from 'fast-check';
import type { Json } from '../../src/shop/documents/model/details.ts';
import { MAX_QUANTITY } from '../../src/shop/limits.ts';

/** A character as it is shown, of one to several UTF-16 code units; half of one; control characters. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '😀',
      '❤️',
      '👨‍👩‍👧‍👦',
      '🇫🇷',
      'é',
      'e\u0301',
      '漢',
      '\u202e',
      '\ufeff',
      '\u2028',
      '"',
      '\\',
      ' ',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom('\0', '\u0001', '\u001f', '\u007f', '\u0085', '\ud800', '\udfff', '\uffff') },
);

/** Around what a name, a country or a key can have. */
export const oddText = fc.oneof(
  fc.array(character, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.tuple(character, fc.constantFrom(33, 50, 60, 99, 100, 101)).map(([one, count]) => one.repeat(count)),
);

export const oddNumber = fc.oneof(
  fc.integer({ min: 1, max: 99 }),
  fc.constantFrom(
    0,
    -0,
    -1,
    1.5,
    MAX_QUANTITY,
    MAX_QUANTITY + 1,
    2 ** 31,
    2 ** 53 - 1,
    2 ** 53,
    1e21,
    1e300,
    5e-324,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
);

export const oddAmount = fc.oneof(
  fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
  fc.constantFrom(
    '0',
    '0.00',
    '-0.00',
    '-1',
    '007.5',
    '+5',
    '9999999999.99',
    '10000000000',
    '1.999',
    '1e3',
    '1,5',
    '٣',
    '',
  ),
);

export const oddInstant = fc.constantFrom(
  '2010-12-01T08:26:00Z',
  '2010-12-01 09:26:00.123456789+01:00',
  '0000-01-01T00:00:00+14:00',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-14:00',
  '2016-12-31T23:59:60Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:00',
  '+010000-01-01T00:00:00Z',
  'now',
);

const json: fc.Memo<Json> = fc.memo((depth) =>
  depth <= 1
    ? fc.oneof(oddText, oddNumber, fc.boolean(), fc.constant(null))
    : fc.oneof(json(1), fc.array(json(), { maxLength: 3 }), fc.dictionary(oddText, json(), { maxKeys: 3 })),
);

/** An object of anything, some deeper than details can be. */
export const oddDetails = fc.oneof(
  { weight: 4, arbitrary: fc.dictionary(oddText, json(3), { maxKeys: 4 }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(31, 32, 33)
      .map((depth) => Array.from({ length: depth }).reduce<Json>((inner) => ({ a: inner }), 1) as Record<string, Json>),
  },
  { weight: 1, arbitrary: fc.constantFrom(8000, 16_370, 16_384).map((length) => ({ a: '\u0001'.repeat(length / 6) })) },
);
