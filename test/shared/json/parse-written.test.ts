/** JSON is written again with the numbers that were read. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseWrittenJson } from '../../../src/shared/json/parse-written.ts';

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });

const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      digits(1, 20).map((text) => `1${text}`),
    ),
    fc.oneof(
      fc.constant(''),
      digits(1, 20).map((text) => `.${text}`),
    ),
    fc.constantFrom('', '', 'e3', 'E-7', 'e+400'),
  )
  .map((parts) => parts.join(''));

test('every number, wherever it stands', () => {
  fc.assert(
    fc.property(number, (text) => {
      for (const json of [text, `[${text}]`, `{"a":${text},"b":[${text},"x"]}`]) {
        expect(JSON.stringify(parseWrittenJson(json))).toBe(json);
      }
    }),
  );
});

test.each(['-0', '0.0000001', '1.10', '[0.0,-0]', '{"a":-0}', '5', '"1.10"', '{"-0":"1e3"}'])('%s', (json) => {
  expect(JSON.stringify(parseWrittenJson(json))).toBe(json);
});
