/** Conditions as a person writes them. */
import { describe, expect, test } from '@jest/globals';
import { type Condition, readCondition } from '../../src/documents/condition.ts';

const compare = (path: string, operator: string, value: unknown) =>
  ({ kind: 'compare', path: path.split('.'), operator, value }) as Condition;

test.each<[string, Condition]>([
  ['details.gift.wrap=true', compare('details.gift.wrap', '=', true)],
  ['details.gift.wrap="true"', compare('details.gift.wrap', '=', 'true')],
  ['details.note=Ann', compare('details.note', '=', 'Ann')],
  ['details.note=', compare('details.note', '=', '')],
  ['details.note=a=b', compare('details.note', '=', 'a=b')],
  [' details.note = a b ', compare('details.note', '=', 'a b')],
  ['details.code=007', compare('details.code', '=', '007')],
  ['details.n=-0', compare('details.n', '=', 0)],
  ['details.n=1.5e3', compare('details.n', '=', 1500)],
  ['country!=France', compare('country', '!=', 'France')],
  ['country=null', compare('country', '=', null)],
  ['country!=null', compare('country', '!=', null)],
  ['lines.quantity>=5', compare('lines.quantity', '>=', 5)],
  ['lines.quantity<5', compare('lines.quantity', '<', 5)],
  ['placedAt>2026', compare('placedAt', '>', 2026)],
  ['placedAt<="2026"', compare('placedAt', '<=', '2026')],
  ['details.a b."=1', compare('details.a b."', '=', 1)],
  ['details.gift', { kind: 'exists', path: ['details', 'gift'], isThere: true }],
  ['!details.gift', { kind: 'exists', path: ['details', 'gift'], isThere: false }],
  ['details', { kind: 'exists', path: ['details'], isThere: true }],
])('%p', (text, condition) => {
  expect(readCondition(text)).toEqual(condition);
});

describe('that mean nothing', () => {
  test.each([
    ['', /^--where "" is not understood\. Write details\.gift\.wrap=true, /],
    ['=5', /is not understood/],
    ['!country=France', /is not understood/],
    ['details==5', undefined],
    ['colour=red', /begins with "colour", which no document has\. There are id, region, userId, /],
    ['Details.a=1', /begins with "Details"/],
    ['details..a=1', /has an empty name in its path/],
    ['details.a.=1', /has an empty name in its path/],
    ['lines.0.quantity=1', /names the position "0"\. A path goes through all elements/],
    ['details.$where=1', /has the name "\$where" in its path, which no document can have/],
    ['details.a\nb=1', /which no document can have/],
    ['details.\ud800=1', /which no document can have/],
    [`details${'.a'.repeat(40)}=1`, /has 41 names in its path/],
    ['details.a=[1]', /compares with a list or an object/],
    ['details.a={"b":1}', /compares with a list or an object/],
    ['details.a=9007199254740993', /compares with a number that cannot be held exactly/],
    ['details.a=1e999', /compares with a number that cannot be held exactly/],
    ['details.a>true', /asks whether something is greater or less than true\. Only numbers and text can be/],
    ['details.a<null', /asks whether something is greater or less than null/],
    ['details.a="\\u0000"', /compares with text that no document can hold/],
  ])('%p', (text, message) => {
    if (message === undefined) {
      // text that begins with =
      expect(readCondition(text)).toMatchObject({ value: '=5' });
    } else {
      expect(() => readCondition(text)).toThrow(message);
    }
  });

  test('a long one is not told whole', () => {
    expect(() => readCondition(`x${'y'.repeat(1000)}=1`)).toThrow(/^--where "xy{59}…" begins with "xy{59}…"/);
  });
});
