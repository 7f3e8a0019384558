import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../src/shared/json/parse.ts';
import { depth } from '../../support/depth.ts';

/** After text with the first key, V8 reads the second, in an object that begins alike, as the first. */
const CONFUSED = [
  ['\\\\', '\\"'],
  ['\\\\', '\\n'],
  ['\\\\', '\\u0041'],
  ['a\\\\', 'a\\t'],
  ['\\\\u0', '\\u0042bc'],
] as const;

/** Characters that have escapes, and what could be taken for an escape or for a rewritten key. */
const key = fc.oneof(
  fc.string({ unit: fc.constantFrom('\\', '"', '\n', '~', 'u', '0', 'a', 'é', '\ud800'), maxLength: 4 }),
  fc.constantFrom('__proto__', 'constructor', '1'),
);
const value = fc.object({ key, values: [fc.double(), fc.constant(null), key], maxDepth: 4, maxKeys: 4 });

describe('a key with an escape', () => {
  test.each(CONFUSED.map((pair, index) => [...pair, index] as const))(
    'after %s, %s is read as it is written',
    (earlier, later, index) => {
      const object = (spelled: string) => `{"of pair ${index}":0,"${spelled}":0}`;
      parseJson(object(earlier));
      expect(Object.keys(parseJson(object(later)) as object)[1]).toBe(JSON.parse(`"${later}"`));
    },
  );

  test('is read as it is written in every value', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1), (given, indent) => {
        const text = JSON.stringify(given, undefined, indent);
        expect(JSON.stringify(parseJson(text), undefined, indent)).toBe(text);
      }),
      { numRuns: depth(500, 20_000) },
    );
  });

  test('can be __proto__, or be there twice, and then the last counts', () => {
    expect(JSON.stringify(parseJson('{"\\u005f_proto__":{"a":1},"b":2}'))).toBe('{"__proto__":{"a":1},"b":2}');
    expect(parseJson('{"a\\n":1,"~a":2,"a\\u000a":3}')).toEqual({ 'a\n': 3, '~a': 2 });
  });

  test('is read however deeply the text is nested', () => {
    const levels = 200_000;
    let at = parseJson(`${'{"\\n":'.repeat(levels)}0${'}'.repeat(levels)}`);
    for (let level = 0; level < levels; level++) {
      at = (at as Record<string, unknown>)['\n'];
    }
    expect(at).toBe(0);
  });
});

test('a reviver gets the text of each value', () => {
  const sources: unknown[] = [];
  const collect = (one: unknown, source: string | undefined) => {
    sources.push(source);
    return typeof one === 'number' ? String(source) : one;
  };
  expect(parseJson('{"\\"":1.50,"a":[2e0]}', collect)).toEqual({ '"': '1.50', a: ['2e0'] });
  expect(sources).toEqual(['1.50', '2e0', undefined, undefined]);
});

test.each(['{"\\n":1', '{"\\n":}', '{"\\x":1}', '"\\', '{"a":"\\n" "b":1}', ''])(
  'text that is not JSON is refused: %j',
  (text) => {
    const error = (parse: (json: string) => unknown) => {
      try {
        return parse(text);
      } catch (thrown) {
        return thrown;
      }
    };
    const thrown = error(parseJson);
    expect(thrown).toBeInstanceOf(SyntaxError);
    expect(thrown).toEqual(error(JSON.parse));
  },
);
