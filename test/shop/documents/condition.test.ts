/** Conditions as a person writes them. */
import { describe, expect, test } from '@jest/globals';
import { type Condition, readCondition } from '../../../src/shop/documents/condition.ts';

const compare = (path: string, operator: string, value: unknown) =>
  ({ kind: 'compare', path: path.split('.'), operator, value }) as Condition;

test.each<[string, Condition]>([
  ['details.gift.wrap=true', compare('details.gift.wrap', '=', true)],
  ['details.gift.wrap="true"', compare('details.gift.wrap', '=', 'true')],
  ['details.note=Ann', compare('details.note', '=', 'Ann')],
  ['details.note=""', compare('details.note', '=', '')],
  ['details.note="=x"', compare('details.note', '=', '=x')],
  ['details.note=">1"', compare('details.note', '=', '>1')],
  ['details.note="\\"For"', compare('details.note', '=', '"For')],
  ["details.note='For", compare('details.note', '=', "'For")],
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
  ['details.year>2026', compare('details.year', '>', 2026)],
  ['details.userId=01', compare('details.userId', '=', '01')],
  ['totalCents=null', compare('totalCents', '=', null)],
  ['total="12.50"', compare('total', '=', '12.50')],
  ['placedAt>2026-11-01', compare('placedAt', '>', '2026-11-01')],
  ['lines.unitPriceCents<=1250', compare('lines.unitPriceCents', '<=', 1250)],
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
    [
      'details.gift.wrap==true',
      /has the operator ==, which does not exist\. There are = != > >= < <=; a text that begins with = is written as JSON: details\.gift\.wrap="=…"\./,
    ],
    ['userId=>1', /has the operator =>, which does not exist/],
    ['userId<>1', /has the operator <>, which does not exist/],
    ['userId = <1', /has the operator =<, which does not exist/],
    ['userId!==1', /has the operator !==, which does not exist/],
    ['details.a>=>1', /has the operator >=>, which does not exist/],
    ['totalCents>=', /compares with nothing\. Write a value after >=; a text that is empty is ""\./],
    ['details.note= ', /compares with nothing\. Write a value after =; /],
    ['details.gift.note="For', /begins with a quote and is not JSON\. End it with a quote; /],
    ['details.a="b"c', /begins with a quote and is not JSON/],
    ['userId=01', /compares userId, which is a number, with "01"\. Write a number, such as userId=5\./],
    ['userId=abc', /compares userId, which is a number, with "abc"/],
    ['userId="1"', /compares userId, which is a number, with "1"/],
    ['userId=null', /compares userId, which is a number, with null/],
    ['lines.quantity!=true', /compares lines\.quantity, which is a number, with true/],
    ['id=1001', /compares id, which is text, with 1001\. Put the text in double quotes: id="1001"\./],
    ['placedAt>2026', /compares placedAt, which is text, with 2026/],
    [
      'total>100',
      /compares total, which is text such as "12\.50"\. Compare totalCents, the same in whole cents: totalCents>1250\./,
    ],
    ['total<"9.00"', /Compare totalCents/],
    ['total=100', /Compare totalCents/],
    ['lines.unitPrice>=5', /Compare lines\.unitPriceCents, the same in whole cents/],
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
    ['details.a=9007199254740993', /compares with a number that cannot be stored exactly/],
    ['details.a=0.12345678901234567890', /compares with a number that cannot be stored exactly/],
    ['details.a=1e999', /compares with a number that cannot be stored exactly/],
    ['details.a>true', /asks whether something is greater or less than true\. Only numbers and text can be/],
    ['details.a<null', /asks whether something is greater or less than null/],
    ['details.a="\\u0000"', /compares with text that no document can hold/],
  ])('%p', (text, message) => {
    expect(() => readCondition(text)).toThrow(message);
  });

  test('a long one is shortened in the message', () => {
    expect(() => readCondition(`x${'y'.repeat(1000)}=1`)).toThrow(/^--where "xy{59}…" begins with "xy{59}…"/);
  });
});
