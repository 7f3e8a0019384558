/** What the cheap tests accept or reject, the rules that they stand in for accept or reject as well. */
import { describe, expect, test } from '@jest/globals';
import { isEmail, isInt, isNotEmpty, isPositive, isString, max, maxLength, min } from 'class-validator';
import fc from 'fast-check';
import { type ImpliedTest, impliedTest } from '../../../src/shared/rules/implied.ts';
import { depth } from '../../support/depth.ts';

const ALL_CHARACTERS = [...'abzAZ019.-_@!#$%&\'*+/=?^`{|}~"(),:;<>[\\] \t\nſKéı漢\u0000\u007f\u00a0\uff41\ufe0f😀'];

const pieceOf = (characters: readonly string[], maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength });

const LOCAL = [..."abzAZ019!#$%&'*+-/=?^_`{|}~"];

/** Around all the lengths that are limited: 64 before the @, 63 in a label, 254 in all. */
const longText = fc
  .tuple(fc.constantFrom(...LOCAL), fc.integer({ min: 1, max: 70 }))
  .map(([character, times]) => character.repeat(times));

/** Addresses that are right, or wrong in few places. */
const address = fc
  .tuple(
    fc.array(fc.oneof(pieceOf(LOCAL, 6), pieceOf(ALL_CHARACTERS, 2), longText), { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof(pieceOf([...'abzAZ019-'], 6), pieceOf(ALL_CHARACTERS, 2), longText), { maxLength: 4 }),
    fc.oneof(fc.constantFrom('com', 'x', 'museum', '1', 'c1', 'xn--p1ai', '', '漢字'), pieceOf(ALL_CHARACTERS, 4)),
  )
  .map(([local, labels, last]) => `${local.join('.')}@${[...labels, last].join('.')}`);

const anything = fc.oneof(
  address,
  fc.emailAddress(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.anything(),
);

/** The implied test under these constraints, which has to be there. */
function quick(name: string, ...constraints: unknown[]): ImpliedTest {
  const found = impliedTest(name, constraints);
  if (found === undefined) {
    throw new Error(`nothing implies ${name} under ${JSON.stringify(constraints)}`);
  }
  return found;
}

describe('isEmail', () => {
  const answer = quick('isEmail', {});
  const isPlain = (value: unknown) => answer(value) === true;

  test('is implied, or its contrary', () => {
    const withoutAt = fc.oneof(address, fc.domain()).map((text) => text.replaceAll('@', ''));
    fc.assert(
      fc.property(fc.oneof(anything, withoutAt), (value) => {
        expect([undefined, isEmail(value)]).toContain(answer(value));
      }),
      { numRuns: depth(2000, 20_000) },
    );
  });

  test('is implied in most cases in which it holds, or the test would be of no use', () => {
    const addresses = fc.sample(fc.emailAddress(), { numRuns: 1000, seed: 1 }).filter((value) => isEmail(value));
    expect(addresses.length).toBeGreaterThan(500);
    expect(addresses.filter(isPlain).length).toBeGreaterThan(0.9 * addresses.length);
  });

  test.each(['ada at example.com', 'example.com', '', 'a'])('text without an @ breaks it: %j', (value) => {
    expect([answer(value), isEmail(value)]).toEqual([false, false]);
  });

  const label = (length: number) => 'a'.repeat(length);

  test.each([
    ['ada@example.com', true],
    ['a.d+a_x@sub.example-1.co', true],
    [`${label(64)}@example.com`, true],
    [`${label(65)}@example.com`, false],
    [`a@${label(63)}.com`, true],
    [`a@${label(64)}.com`, false],
    [`a@b.${label(63)}`, true],
    [`a@b.${label(64)}`, false],
    [`a@${[63, 63, 63, 56].map(label).join('.')}.com`, true],
    [`a@${[63, 63, 63, 57].map(label).join('.')}.com`, false],
    ['a@-b.com', false],
    ['a@b-.com', false],
    ['a@b_c.com', false],
    ['a..b@c.com', false],
    ['.a@c.com', false],
    ['a.@c.com', false],
    ['a@b', false],
    ['a@b.c', false],
    ['a@b.c1', false],
    ['a@127.0.0.1', false],
    ['a@b@c.com', false],
    ['ada@example.com\n', false],
    ['ada@example.com.', false],
  ])('%s: %p, as the rule itself', (value, accepted) => {
    expect([isPlain(value), isEmail(value)]).toEqual([accepted, accepted]);
  });

  test('a text on which a regular expression could lose itself is judged at once', () => {
    // one that backtracks would never come to an end
    for (const text of [`${'a.'.repeat(120)}@`, `a@${'a-'.repeat(126)}`, `a@${'a.'.repeat(125)}1`]) {
      expect(isPlain(text)).toBe(false);
    }
  });

  test('its options may have been filled in by an earlier call', () => {
    const options = {};
    isEmail('', options);
    expect(Object.keys(options)).not.toEqual([]);
    expect(impliedTest('isEmail', [options])).toBeDefined();
    expect(impliedTest('isEmail', [])).toBeDefined();
  });

  test.each([{ blacklisted_chars: 'a' }, { host_blacklist: ['example.com'] }, { require_tld: false }, null, 5])(
    'nothing implies it with the options %j',
    (options) => {
      expect(impliedTest('isEmail', [options])).toBeUndefined();
    },
  );
});

describe('maxLength', () => {
  test('is implied', () => {
    const limit = fc.oneof(
      fc.integer({ min: -1, max: 12 }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1.5),
    );
    const text = pieceOf(ALL_CHARACTERS, 14);
    fc.assert(
      fc.property(fc.oneof(text, fc.anything()), limit, (value, most) => {
        expect([undefined, maxLength(value, most)]).toContain(quick('maxLength', most)(value));
      }),
      { numRuns: depth(500, 5000) },
    );
  });

  test.each([undefined, null, '5', {}])('nothing implies it with the limit %p', (limit) => {
    expect(impliedTest('maxLength', [limit])).toBeUndefined();
  });
});

describe.each([
  ['max', max],
  ['min', min],
] as const)('%s', (name, rule) => {
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double());

  test('is implied', () => {
    fc.assert(
      fc.property(fc.oneof(number, fc.anything()), number, (value, limit) => {
        expect([undefined, rule(value, limit)]).toContain(quick(name, limit)(value));
      }),
      { numRuns: depth(500, 5000) },
    );
  });

  test.each([undefined, '5', 5n, new Date(0)])('nothing implies it with the limit %p', (limit) => {
    expect(impliedTest(name, [limit])).toBeUndefined();
  });
});

describe.each<[string, (value: unknown) => boolean, unknown]>([
  ['isInt', isInt, 5],
  ['isNotEmpty', isNotEmpty, 'a'],
  ['isPositive', (value) => isPositive(value as number), 5],
  ['isString', isString, 'a'],
])('%s', (name, rule, kept) => {
  const value = fc.oneof(
    fc.constantFrom('', 0, -0, Number.NaN, Infinity, null, undefined, [], Object('a')),
    fc.anything(),
  );

  test('is implied', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect([undefined, rule(one)]).toContain(quick(name)(one));
      }),
      { numRuns: depth(500, 5000) },
    );
  });

  test('is implied by a value that keeps it, or the test would be of no use', () => {
    expect(quick(name)(kept)).toBe(true);
  });
});

test.each(['isHexColor', 'constructor', '__proto__', ''])('nothing implies a rule that is not known: %j', (name) => {
  expect(impliedTest(name, [])).toBeUndefined();
});
