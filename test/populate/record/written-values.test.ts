/** Numbers and dates as other programs write them: read with a setting, or refused with the setting that may be missing. */
import { describe, expect, test } from '@jest/globals';
import { dateAdvice, dateReader } from '../../../src/populate/record/date-format.ts';
import { numberAdvice, numberReader } from '../../../src/populate/record/number-format.ts';
import { VALUE_SETTINGS, type ValueSettings } from '../../../src/populate/record/value-settings.ts';

const number = (text: string, settings: ValueSettings) => numberReader(settings)?.(text);
const date = (text: string, ...dateFormat: string[]) => dateReader('date', { dateFormat })?.(text);

describe('numbers below zero', () => {
  test.each<[string, ValueSettings, string | undefined]>([
    ['(12.50)', { negative: 'parentheses' }, '-12.50'],
    ['( 1.234,50 €)', { negative: 'parentheses', decimal: ',', thousands: '.', currency: ['€'] }, '-1234.50'],
    ['-12.50', { negative: 'parentheses' }, '-12.50'],
    ['(-12.50)', { negative: 'parentheses' }, undefined],
    ['(12.50', { negative: 'parentheses' }, undefined],
    ['()', { negative: 'parentheses' }, undefined],
    ['12.50-', { negative: 'parentheses' }, undefined],
    ['12.50-', { negative: 'trailing' }, '-12.50'],
    ['12.50 -', { negative: 'trailing' }, '-12.50'],
    ['€ 1 234-', { negative: 'trailing', thousands: ' ', currency: ['€'] }, '-1234'],
    ['12.50', { negative: 'trailing' }, '12.50'],
    ['-12.50-', { negative: 'trailing' }, undefined],
    ['-', { negative: 'trailing' }, undefined],
    ['(12.50)', { decimal: '.' }, undefined],
  ])('%j with %j is %j', (text, settings, expected) => {
    expect(number(text, settings)).toBe(expected);
  });

  test.each<[string, ValueSettings, string | undefined]>([
    ['(12.50)', {}, 'if the parentheses make it negative, say so with --negative parentheses'],
    ['(1,234.50)', {}, 'if the parentheses make it negative, say so with --negative parentheses'],
    ['12.50-', {}, 'if the sign behind it makes it negative, say so with --negative trailing'],
    ['(12.50)', { negative: 'trailing' }, undefined],
    ['(none)', {}, undefined],
    ['A-12-', {}, undefined],
  ])('%j with %j is refused: %s', (text, settings, advice) => {
    expect(numberAdvice(text, settings)).toBe(advice);
  });
});

test.each<[string, ValueSettings, string | undefined]>([
  ['$1,200.00', { currency: ['$'] }, 'if its digits are grouped, name the sign between them with --thousands'],
  ['-$1,200.00', { currency: ['$'] }, 'if its digits are grouped, name the sign between them with --thousands'],
  ['1.234,50 €', { currency: ['€'] }, 'if the comma is its decimal sign, say so with --decimal ,'],
  [
    'CHF 1,234',
    { currency: ['CHF'] },
    'it can be 1234 or 1.234: name the decimal sign with --decimal, or what groups digits with --thousands',
  ],
  ['£1,200.00', { currency: ['$'] }, undefined],
  ['$5', { currency: ['$'] }, undefined],
])('the amount %j with %j is refused: %s', (text, settings, advice) => {
  expect(numberAdvice(text, settings)).toBe(advice);
});

test('a percentage is 12 by an option only', () => {
  expect(numberAdvice('12 %', {})).toBe(
    'if 12 % is to be 12, name its sign with --currency %; if it is to be a fraction, write it as one',
  );
  expect(number('12 %', { currency: ['%'] })).toBe('12');
  expect(number('12,5%', { currency: ['%'], decimal: ',' })).toBe('12.5');
  expect(numberAdvice('100%', { currency: ['€'] })).toContain('--currency %');
});

describe('dates', () => {
  test.each([
    ['31.12.26', 'dd.MM.yy', '2026-12-31'],
    ['1/2/68', 'd/M/yy', '2068-02-01'],
    ['1/2/69', 'd/M/yy', '1969-02-01'],
    ['000101', 'yyMMdd', '2000-01-01'],
    ['31.12.2026', 'dd.MM.yy', undefined],
    ['3 Jan 2026', 'd MMM yyyy', '2026-01-03'],
    ['03-JAN-26', 'dd-MMM-yy', '2026-01-03'],
    ['May 5, 2026', 'MMM d, yyyy', '2026-05-05'],
    ['15 Sept 2026', 'd MMM yyyy', '2026-09-15'],
    ['3 march 2026', 'd MMMM yyyy', '2026-03-03'],
    ['3 Mar 2026', 'd MMMM yyyy', '2026-03-03'],
    ['3 March 2026', 'd MMM yyyy', undefined],
    ['3 Mai 2026', 'd MMM yyyy', undefined],
    ['31 Feb 2026', 'd MMM yyyy', undefined],
  ])('%j with %j is %j', (text, pattern, expected) => {
    const read = date(text, pattern);
    const found = read !== undefined && 'text' in read ? read.text : undefined;
    // what no pattern takes is read as ISO 8601, which it is not
    expect(found === text ? undefined : found).toBe(expected);
  });

  test('of two patterns, years of two and of four digits are told apart', () => {
    expect([date('31.12.26', 'dd.MM.yy', 'dd.MM.yyyy'), date('31.12.2027', 'dd.MM.yy', 'dd.MM.yyyy')]).toEqual([
      { text: '2026-12-31' },
      { text: '2027-12-31' },
    ]);
    expect(date('10.11.12', 'dd.MM.yy', 'yy.MM.dd')).toEqual({
      why: expect.stringMatching(/can be 2012-11-10 or 2010-11-12/),
    });
  });

  test.each(['dd.MM.yy', 'd MMM yyyy', 'MMMM d, yyyy', 'yyMMdd'])('%j is a pattern', (pattern) => {
    expect(VALUE_SETTINGS.dateFormat.isRight(pattern)).toBe(true);
  });

  test.each(['dd.MM.y', 'dd.MM.yyy', 'd MMMMM yyyy', 'yy MM', 'd MMM MM yyyy'])('%j is none', (pattern) => {
    expect(VALUE_SETTINGS.dateFormat.isRight(pattern)).toBe(false);
  });

  test.each([
    ['3 Jan 2026', 'd MMM yyyy'],
    ['03-JAN-26', 'd MMM yyyy'],
    ['March 3, 2026', 'd MMM yyyy'],
    ['31.12.26', 'dd/MM/yyyy'],
  ])('%j is refused with the option that reads it', (text, pattern) => {
    expect(dateAdvice(text, {}, 'date')).toContain(`--date-format, such as ${pattern}`);
  });
});
