/** Rules without a message say what is expected, and show the value. */
import { describe, expect, test } from '@jest/globals';
import {
  ArrayUnique,
  IsDate,
  IsDecimal,
  IsDefined,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsString,
  IsStrongPassword,
  Length,
  Max,
  MaxDate,
  MinDate,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { compileRuleErrors } from '../../../src/shared/rules/compiled-rules.ts';
import { ruleErrors } from '../../../src/shared/rules/rules.ts';

/** The messages of one rule for a value. */
function messagesOf(rule: PropertyDecorator, value: unknown): string[] {
  class Sample {
    given = value;
  }
  rule(Sample.prototype, 'given');
  return ruleErrors(new Sample()).map(({ message }) => message);
}

const Size = { small: 's', large: 'l' };

const day = new Date('2026-01-31T00:00:00Z');

test.each<[string, PropertyDecorator, unknown]>([
  ['given must be an email, but is "x y"', IsEmail(), 'x y'],
  ['given must be an email, but is missing', IsEmail(), undefined],
  ['given must be an email, but is empty', IsEmail(), ''],
  ['given must be a whole number, but is 1.5', IsInt(), 1.5],
  ['given must be text, but is 7', IsString(), 7],
  ['given must be one of a, b, but is "c"', IsIn(['a', 'b']), 'c'],
  ['given must be one of s, l, but is "m"', IsEnum(Size), 'm'],
  ['given must not be greater than 5, but is 6', Max(5), 6],
  ['given must be longer than or equal to 2 characters, but is "a"', Length(2, 5), 'a'],
  ['given must be a date, but is "today"', IsDate(), 'today'],
  ['given must be a date, but is no date', IsDate(), new Date('')],
  ['given must be a decimal number, but is "x"', IsDecimal(), 'x'],
  ['given must not be before 2026-01-31T00:00:00.000Z, but is 1970-01-01T00:00:00.000Z', MinDate(day), new Date(0)],
  [
    'given must not be after 2026-01-31T00:00:00.000Z, but is 2027-01-01T00:00:00.000Z',
    MaxDate(() => day),
    new Date('2027-01-01'),
  ],
  ['given must not hold an element twice, but is [1,1]', ArrayUnique(), [1, 1]],
  ['each value in given must be an email, but is ["x"]', IsEmail({}, { each: true }), ['x']],
  ['given cannot be empty', IsNotEmpty(), ''],
  ['given cannot be empty', IsDefined(), null],
  // a password is not shown
  ['given must be a strong password', IsStrongPassword(), 'secret'],
  ['given must be an object or a list of objects, but is 3', ValidateNested(), 3],
  [
    'given does not satisfy the rule isGood: it is 7',
    ValidateBy({ name: 'isGood', validator: { validate: () => false } }),
    7,
  ],
])('%s', (message, rule, value) => {
  expect(messagesOf(rule, value)).toEqual([message]);
});

describe('words of others stay', () => {
  test('a message of the decorator', () => {
    expect(messagesOf(IsEmail({}, { message: 'Say an address' }), 'x')).toEqual(['Say an address']);
  });

  test('a message of a rule that is not of class-validator', () => {
    const validator = { validate: () => false, defaultMessage: () => 'Not good' };
    expect(messagesOf(ValidateBy({ name: 'isGood', validator }), 7)).toEqual(['Not good']);
  });
});

test('a rule within an object names the path', () => {
  class Inner {
    @IsInt()
    size: unknown = 'big';
  }
  class Outer {
    @ValidateNested()
    inner = new Inner();
  }
  expect(ruleErrors(new Outer())).toEqual([
    { property: 'inner.size', code: 'isInt', message: 'inner.size must be a whole number, but is "big"' },
  ]);
});

describe('declared messages about hidden values', () => {
  const isOdd = (message?: Parameters<typeof ValidateBy>[1], defaultMessage?: () => string) =>
    ValidateBy(
      { name: 'isOdd', validator: { validate: () => false, ...(defaultMessage && { defaultMessage }) } },
      message,
    );
  const NEUTRAL = 'given does not satisfy the rule isOdd';

  test.each<[string, PropertyDecorator, string]>([
    ['as declared', isOdd({ message: 'It is not 7' }), 'It is not 7'],
    ['with the property', isOdd({ message: '$property is even' }), 'given is even'],
    ['with the value', isOdd({ message: '$value is even' }), NEUTRAL],
    ['of a function', isOdd({ message: ({ value }) => `${value} is even` }), NEUTRAL],
    ['of the rule', isOdd({}, () => '$value is even'), NEUTRAL],
    ['of a rule of class-validator', Max(5, { message: '$value is too much' }), 'given does not satisfy the rule max'],
  ])('%s', (_, rule, message) => {
    class Sample {
      given = 7;
    }
    rule(Sample.prototype, 'given');
    const all = [ruleErrors(new Sample(), [], () => true), compileRuleErrors(Sample, () => true)(new Sample())];
    expect(all.map((errors) => errors.map((one) => one.message))).toEqual([[message], [message]]);
  });
});
