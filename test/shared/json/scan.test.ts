/** JSON text walked by hand: it agrees with the parser of JavaScript, and says in plain words what is wrong. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scanJson } from '../../../src/shared/json/scan.ts';
import { depth } from '../../support/depth.ts';

const LIMITS = { maxDepth: 64, maxValues: 1000 };

test.each([
  ['{"id":x}', 6, '"x" is not a JSON value'],
  ['{"id":NaN}', 6, '"NaN" is not a JSON value'],
  ['{"id":None}', 6, '"None" is not a JSON value'],
  ['{id:1}', 1, 'a key in double quotes is expected, not "id"'],
  ["{'id':1}", 1, "a key in double quotes is expected, not the character '"],
  ['{"id":1,}', 8, 'there is a comma before }'],
  ['[1,]', 3, 'a value is missing before ]'],
  ['[,1]', 1, 'a value is missing before the comma'],
  ['{"id":}', 6, 'a value is missing before }'],
  ['{"id" 1}', 6, 'a colon is expected after the key, not "1"'],
  ['{"id":1 "name":2}', 8, 'a comma or } is expected, not the character "'],
  ['[1 2]', 3, 'a comma or ] is expected, not "2"'],
  ['{"id":1]', 7, 'a comma or } is expected, not the character ]'],
  ['{"id":1}}', 8, 'the character } follows the value'],
  ['{"id":1}{"id":2}', 8, 'the character { follows the value'],
  ['{"id":1', 7, 'it ends before it is complete'],
  ['', 0, 'it ends before it is complete'],
  ['tru', 0, '"tru" is not a JSON value'],
  ['{"a":"b', 5, 'the quote that opens here is never closed'],
  ['{"a":"b\tc"}', 7, String.raw`a tab within quotes has to be written as \t`],
  ['{"a":"b\nc"}', 7, String.raw`a line break within quotes has to be written as \n`],
  ['{"a":"\u0001"}', 6, String.raw`the character U+0001 within quotes has to be written as \u0001`],
  [String.raw`{"a":"\x41"}`, 6, String.raw`"\x" is not an escape of JSON`],
  [String.raw`{"a":"\u00g0"}`, 6, String.raw`"\u" is not an escape of JSON`],
  ['{"a":01}', 7, 'a number cannot begin with 0'],
  ['{"a":+1}', 5, 'a number cannot begin with +'],
  ['{"a":.5}', 5, 'a number cannot begin with .'],
  ['{"a":5.}', 7, 'digits are missing in a number'],
  ['{"a":5e}', 7, 'digits are missing in a number'],
  ['{"a":-}', 6, 'digits are missing in a number'],
  ['// one\n{}', 0, 'JSON has no comments'],
  ['\u00a0{}', 0, 'the character U+00A0 is not a JSON value'],
  ['{"a":😀}', 5, 'the character 😀 is not a JSON value'],
])('%j breaks at %d: %s', (text, at, reason) => {
  expect(scanJson(text, LIMITS)).toEqual({ kind: 'broken', at, reason });
});

test.each([
  ['[[]]', 'valid'],
  ['[[[]]]', 'tooDeep'],
  ['[{"a":1}]', 'valid'],
  ['[{"a":[1]}]', 'tooDeep'],
  ['[1,2]', 'valid'],
  ['[1,2,3]', 'tooMany'],
])('%s within limits of 2 levels and 3 values is %s', (text, kind) => {
  expect(scanJson(text, { maxDepth: 2, maxValues: 3 })).toMatchObject({ kind });
});

test('only the first key that is there twice is named', () => {
  expect(scanJson('{"a":1,"b":1,"b":2,"a":3}', LIMITS)).toEqual({ kind: 'valid', repeatedKey: 'b' });
  expect(scanJson('{"a":{"a":{"a":1}}}', LIMITS)).toEqual({ kind: 'valid', repeatedKey: undefined });
});

describe('agrees with JSON.parse', () => {
  const isValid = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const expectAgreement = (text: string) => {
    expect([text, scanJson(text, LIMITS).kind]).toEqual([text, isValid(text) ? 'valid' : 'broken']);
  };

  test('about any JSON', () => {
    fc.assert(fc.property(fc.json({ noUnicodeString: false }), expectAgreement));
  });

  test('about JSON with a character too many, too few, or another one', () => {
    const character = fc.constantFrom(...'{}[]",:\\u0eE+-.1tn \n\t\0/\'é');
    const change = fc.record({
      at: fc.nat({ max: 60 }),
      remove: fc.nat({ max: 2 }),
      add: fc.array(character, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false, depthSize: 'small' }), change, (json, { at, remove, add }) => {
        expectAgreement(`${json.slice(0, at)}${add.join('')}${json.slice(at + remove)}`);
      }),
      { numRuns: depth(300, 2000) },
    );
  });

  test('about text of the characters of JSON', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'{}[]",:\\u0eE+-.1 \n', 'true', 'null', '"a":', '1'),
      maxLength: 12,
    });
    fc.assert(fc.property(text, expectAgreement), { numRuns: depth(300, 2000) });
  });
});
