/** Rules of class-validator are told from rules that only have the same name. */
import { describe, expect, test } from '@jest/globals';
import {
  buildMessage,
  getMetadataStorage,
  IsEmail,
  isEmail,
  Max,
  MaxLength,
  registerDecorator,
  Validate,
  ValidateBy,
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { MaxAmount } from '../../../src/shared/money/amount.rules.ts';
import { isOwnRule } from '../../../src/shared/rules/own-rule.ts';

/** The rule that a decorator makes, with the constraints that it is called with. */
function ruleOf(decorator: PropertyDecorator): [ValidatorConstraintInterface, unknown[]] {
  class Holder {
    value: unknown;
  }
  decorator(Holder.prototype, 'value');
  const storage = getMetadataStorage();
  const [metadata] = storage.getTargetValidationMetadatas(Holder, '', false, false);
  const [constraint] = metadata ? storage.getTargetValidatorConstraints(metadata.constraintCls) : [];
  if (metadata === undefined || constraint === undefined) {
    throw new Error('the decorator made no rule');
  }
  return [constraint.instance, metadata.constraints];
}

const isOwn = (decorator: PropertyDecorator) => isOwnRule(...ruleOf(decorator));

describe('its own are', () => {
  test.each([
    ['IsEmail', IsEmail()],
    ['IsEmail with options', IsEmail({ require_tld: false }, { message: 'no address' })],
    ['MaxLength', MaxLength(5)],
    ['Max', Max(5)],
  ])('%s', (_what, decorator) => {
    expect(isOwn(decorator)).toBe(true);
  });
});

describe('not its own are', () => {
  const [ownEmail] = ruleOf(IsEmail());

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
      'a rule that asks its rule and then some',
      ValidateBy({
        name: 'isEmail',
        constraints: [{}],
        validator: { validate: (value, rule) => ownEmail.validate(value, rule) === true && value !== 'x@y.zz' },
      }),
    ],
    ['a rule of the same name that looks at no constraints', MaxAmount('5')],
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
    expect(isOwn(decorator)).toBe(false);
  });
});
