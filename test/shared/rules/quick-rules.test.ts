/** Only the decorators of quick-rules.ts get a quick test, not other rules with the same name. */
import { describe, expect, test } from '@jest/globals';
import {
  buildMessage,
  getMetadataStorage,
  IsString,
  isEmail,
  MaxLength as OwnMaxLength,
  registerDecorator,
  Validate,
  ValidateBy,
  type ValidationArguments,
  ValidatorConstraint,
} from 'class-validator';
import {
  IsEmail,
  IsInt,
  IsNotEmpty,
  IsPositive,
  Max,
  MaxLength,
  Min,
  IsString as QuickIsString,
  quickTestOf,
  ValidateValue,
} from '../../../src/shared/rules/quick-rules.ts';

/** The rule that a decorator registers last on a property. */
function ruleOf(decorator: PropertyDecorator, others: readonly PropertyDecorator[] = []): object {
  class Holder {
    value: unknown;
  }
  for (const decorate of [...others, decorator]) {
    decorate(Holder.prototype, 'value');
  }
  const rule = getMetadataStorage().getTargetValidationMetadatas(Holder, '', false, false).at(-1);
  if (rule === undefined) {
    throw new Error('the decorator registered no rule');
  }
  return rule.constraintCls;
}

const isQuick = (decorator: PropertyDecorator) => quickTestOf(ruleOf(decorator)) !== undefined;

test('the quick test belongs to the rule of its decorator, not to others of the property or of an inherited one', () => {
  const quick = MaxLength(5);
  const other = IsString();
  expect(quickTestOf(ruleOf(quick, [other]))).toBeDefined();
  expect(quickTestOf(ruleOf(other, [quick]))).toBeUndefined();
  class Parent {
    @IsString()
    value: unknown;
  }
  class Child extends Parent {
    @MaxLength(5)
    declare value: unknown;
  }
  const rulesOf = (target: new () => object) =>
    getMetadataStorage()
      .getTargetValidationMetadatas(target, '', false, false)
      .map(({ name, constraintCls }) => [name, quickTestOf(constraintCls) !== undefined]);
  expect(rulesOf(Child)).toEqual([['maxLength', true]]);
  expect(rulesOf(Parent)).toEqual([['isString', false]]);
});

test('an option that no quick test implies leaves the rule to class-validator', () => {
  expect(isQuick(IsEmail({ host_blacklist: ['example.com'] }))).toBe(false);
});

describe('a quick test is attached to', () => {
  test.each([
    ['IsEmail', IsEmail()],
    ['IsEmail with a message', IsEmail({}, { message: 'no address' })],
    ['MaxLength', MaxLength(5)],
    ['Max', Max(5)],
    ['Min', Min(5)],
    ['IsInt', IsInt()],
    ['IsNotEmpty', IsNotEmpty()],
    ['IsPositive', IsPositive()],
    ['IsString', QuickIsString()],
    ['ValidateValue', ValidateValue({ name: 'isOdd', validate: (value) => Number(value) % 2 === 1 })],
  ])('%s', (_what, decorator) => {
    expect(isQuick(decorator)).toBe(true);
  });
});

describe('no quick test is attached to', () => {
  @ValidatorConstraint({ name: 'isEmail' })
  class IsEmailToo {
    validate(value: unknown, rule: ValidationArguments): boolean {
      return isEmail(value, rule.constraints[0]);
    }
  }

  test.each<[string, PropertyDecorator]>([
    [
      'a rule with its name, message and answer',
      ValidateBy({
        name: 'isEmail',
        constraints: [{}],
        validator: {
          validate: (value, rule) => isEmail(value, rule?.constraints[0]),
          defaultMessage: buildMessage((prefix) => `${prefix}$property must be an email`),
        },
      }),
    ],
    [
      'a rule of the same name that rejects more',
      ValidateBy({
        name: 'isEmail',
        constraints: [{}],
        validator: { validate: (value) => isEmail(value) && value !== 'x@y.zz' },
      }),
    ],
    ["class-validator's own decorator", OwnMaxLength(5)],
    ['a class', Validate(IsEmailToo)],
    [
      'a rule that cannot bear to be called without an entity',
      ValidateBy({
        name: 'max',
        validator: {
          validate() {
            throw new TypeError('no entity');
          },
        },
      }),
    ],
    [
      'a decorator registered by hand',
      (target, property) =>
        registerDecorator({
          name: 'max',
          target: target.constructor,
          propertyName: String(property),
          constraints: [5],
          validator: { validate: (value, rule) => value < (rule?.constraints[0] ?? 0) },
        }),
    ],
  ])('%s', (_what, decorator) => {
    expect(isQuick(decorator)).toBe(false);
  });
});
