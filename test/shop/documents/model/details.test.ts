/** Free-form details: which JSON is taken, and what is said of any other. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkDetails,
  DetailsError,
  MAX_DETAILS_BYTES,
  MAX_DETAILS_DEPTH,
  readDetails,
} from '../../../../src/shop/documents/model/details.ts';

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

test.each([
  ['{}', {}],
  ['{"gift":{"wrap":true,"note":"Für Ann 😀"}}', { gift: { wrap: true, note: 'Für Ann 😀' } }],
  ['{"b":1,"a":[{"z":null},2.5,"x"]}', { a: [{ z: null }, 2.5, 'x'], b: 1 }],
  [`{"n":${Number.MAX_SAFE_INTEGER}}`, { n: Number.MAX_SAFE_INTEGER }],
  [
    '{"a":"a","b":{"a":{"a":"b"}},"c":[{"a":"}"},{"a":"{"}]}',
    { a: 'a', b: { a: { a: 'b' } }, c: [{ a: '}' }, { a: '{' }] },
  ],
  ['{"n":-0}', { n: 0 }],
  ['{"n":1e3,"m":0.1}', { m: 0.1, n: 1000 }],
  ['{"m":0.30000000000000004,"n":19.9900000000000000000}', { m: 0.30000000000000004, n: 19.99 }],
  ['{"in between":1}', { 'in between': 1 }],
  ['{"constructor":1,"toString":2}', { constructor: 1, toString: 2 }],
  [nested(MAX_DETAILS_DEPTH), JSON.parse(nested(MAX_DETAILS_DEPTH))],
])('%p is taken', (text, details) => {
  expect(readDetails(text)).toEqual(details);
});

test('what says the same is the same text, whatever the order of names', () => {
  const [one, other] = ['{"b":{"d":1,"c":2},"a":0}', '{"a":0,"b":{"c":2,"d":1}}'].map((text) =>
    JSON.stringify(readDetails(text)),
  );
  expect(one).toBe(other);
});

describe('is not taken', () => {
  test.each([
    ['', /^they are not JSON: /],
    ['gift', /^they are not JSON: /],
    ["{'a':1}", /^they are not JSON: /],
    ['null', /^they have to be one JSON object/],
    ['[]', /^they have to be one JSON object/],
    ['"text"', /^they have to be one JSON object/],
    ['7', /^they have to be one JSON object/],
    ['{"n":9007199254740993}', /^the number 9007199254740993 cannot be stored exactly/],
    ['{"n":1e400}', /^the number 1e400 cannot be stored exactly/],
    [`{"n":${'9'.repeat(100)}}`, /^the number 9{40}… cannot be stored exactly/],
    [
      '{"n":0.12345678901234567890}',
      /^the number 0\.12345678901234567890 cannot be stored exactly.*Write it as text, in quotes$/,
    ],
    ['{"n":[{"m":19.990000000000000001}]}', /^the number 19\.990000000000000001 cannot be stored exactly/],
    ['{"n":1e-400}', /^the number 1e-400 cannot be stored exactly/],
    ['{"a.b":1}', /^the name "a\.b" cannot be used; names have 1 to 100 characters/],
    ['{"$where":1}', /^the name "\$where" cannot be used/],
    ['{"":1}', /^the name "" cannot be used/],
    [
      '{"a":{"__proto__":{"b":1}}}',
      /^the name "__proto__" cannot be kept, for it means something of its own to JavaScript; take another$/,
    ],
    ['{"a":0.1,"a":2}', /^the name "a" stands twice in one object; take another name for one of them$/],
    ['{"x":[{"é":1}, {"é":1, "b":{}, "\\u00e9":2}]}', /^the name "é" stands twice in one object/],
    ['{"\\ud83d\\ude00":{"a":1},"😀":1}', /^the name "😀" stands twice in one object/],
    [
      '{"_bsontype":"ObjectId"}',
      /^the name "_bsontype" cannot be kept, for it means something of its own to MongoDB's driver/,
    ],
    ['{" a":1}', /^the name " a" cannot be used; .* no space at either end$/],
    ['{"a ":1}', /^the name "a " cannot be used/],
    ['{" ":1}', /^the name " " cannot be used/],
    ['{"n":1e21}', /^the number 1e21 cannot be stored exactly/],
    ['{"n":-123456789012345678901e1}', /^the number -123456789012345678901e1 cannot be stored exactly/],
    ['{"a\\n":1}', /^the name "a\\n" cannot be used/],
    [`{"${'x'.repeat(101)}":1}`, /^the name "x{40}…" cannot be used/],
    ['{"a":"\\u0000"}', /^a text holds the character U\+0000/],
    ['{"\\u0000":1}', /^a name holds the character U\+0000/],
    ['{"a":"\\ud800"}', /^a text holds half of a character/],
    ['{"a":[[1]]}', /^a list cannot stand directly in another list/],
  ])('%p', (text, message) => {
    expect(() => readDetails(text)).toThrow(DetailsError);
    expect(() => readDetails(text)).toThrow(message);
  });

  test.each([33, 2500])('nested %d deep', (depth) => {
    expect(() => readDetails(nested(depth))).toThrow(new DetailsError('they can be nested 32 deep at most'));
  });

  test('too many bytes', () => {
    const text = `{"a":"${'x'.repeat(MAX_DETAILS_BYTES)}"}`;
    expect(() => readDetails(text)).toThrow(/^they can have at most 16,384 bytes$/);
  });

  test.each([[{ a: undefined }], [{ a: () => 1 }], [{ a: new Date(0) }], [{ a: 1n }], [new Map()], [undefined]])(
    'a value that is no JSON: %p',
    (value) => {
      expect(() => checkDetails(value)).toThrow(DetailsError);
    },
  );

  test('a number that is none', () => {
    expect(() => checkDetails({ a: Number.NaN })).toThrow(/^the number NaN cannot be stored exactly/);
  });

  test('text that grows too long in UTF-8', () => {
    expect(() => checkDetails({ a: 'é'.repeat(MAX_DETAILS_BYTES / 2) })).toThrow(/at most 16,384 bytes/);
  });
});

test('any JSON is taken as it stands, or refused with a sentence', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      try {
        const details = readDetails(text);
        expect(details).toEqual(JSON.parse(text, (_, value) => (value === 0 ? 0 : value)));
        expect(checkDetails(JSON.parse(JSON.stringify(details)))).toEqual(details);
      } catch (error) {
        expect(error).toBeInstanceOf(DetailsError);
        expect((error as Error).message.length).toBeGreaterThan(20);
      }
    }),
  );
});
