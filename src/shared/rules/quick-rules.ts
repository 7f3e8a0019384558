/**
 * class-validator decorators with a quick test: use them in place of class-validator's own on entities that are loaded in large numbers.
 * They register the same rules with the same names and messages. The test is attached to the rule that the decorator registers, so a rule
 * of another library or project with the same name does not get it.
 */
import {
  getMetadataStorage,
  IsEmail as IsEmailRule,
  IsInt as IsIntRule,
  IsNotEmpty as IsNotEmptyRule,
  IsPositive as IsPositiveRule,
  IsString as IsStringRule,
  MaxLength as MaxLengthRule,
  Max as MaxRule,
  Min as MinRule,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import { type ImpliedTest, impliedTest } from './implied.ts';

/** A rule about a single value. */
export interface ValueRule {
  readonly name: string;
  /** Values for the message, as `$constraint1` and so on. */
  readonly constraints?: readonly unknown[];
  validate(value: unknown): boolean;
}

/** class-validator's class for a rule -> its quick test. */
const quickTests = new WeakMap<object, ImpliedTest>();

/** class-validator's `IsEmail`, tested faster. */
export function IsEmail(
  options?: Parameters<typeof IsEmailRule>[0],
  validation?: ValidationOptions,
): PropertyDecorator {
  return withQuickTest(IsEmailRule(options, validation), impliedTest('isEmail', [options]));
}

/** class-validator's `IsInt`, tested faster. */
export function IsInt(validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(IsIntRule(validation), impliedTest('isInt', []));
}

/** class-validator's `IsNotEmpty`, tested faster. */
export function IsNotEmpty(validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(IsNotEmptyRule(validation), impliedTest('isNotEmpty', []));
}

/** class-validator's `IsPositive`, tested faster. */
export function IsPositive(validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(IsPositiveRule(validation), impliedTest('isPositive', []));
}

/** class-validator's `IsString`, tested faster. */
export function IsString(validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(IsStringRule(validation), impliedTest('isString', []));
}

/** class-validator's `MaxLength`, tested faster. */
export function MaxLength(max: number, validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(MaxLengthRule(max, validation), impliedTest('maxLength', [max]));
}

/** class-validator's `Max`, tested faster. */
export function Max(max: number, validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(MaxRule(max, validation), impliedTest('max', [max]));
}

/** class-validator's `Min`, tested faster. */
export function Min(min: number, validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(MinRule(min, validation), impliedTest('min', [min]));
}

/**
 * A custom rule for a single value. It is faster than class-validator's `ValidateBy`, which creates an object of arguments for each value.
 *
 * @param rule its name, which is the code of its errors, and its test, which returns true for valid values
 */
export function ValidateValue(
  { name, constraints, validate }: ValueRule,
  validation?: ValidationOptions,
): PropertyDecorator {
  const given = { name, ...(constraints && { constraints: [...constraints] }), validator: { validate } };
  return withQuickTest(ValidateBy(given, validation), validate);
}

/** The quick test of a rule; `undefined` for a rule without one. */
export function quickTestOf(rule: object): ImpliedTest | undefined {
  return quickTests.get(rule);
}

function withQuickTest(decorate: PropertyDecorator, test: ImpliedTest | undefined): PropertyDecorator {
  return (target, property) => {
    decorate(target, property);
    const rules = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
    const registered = rules.findLast((rule) => rule.target === target.constructor && rule.propertyName === property);
    if (registered !== undefined && test !== undefined) {
      quickTests.set(registered.constraintCls, test);
    }
  };
}
