/**
 * Decorators of class-validator with a quick test: use them in place of class-validator's own on entities that are loaded in large
 * numbers. They register the same rules with the same names and messages. The test is attached to the rule that the decorator registers,
 * so a rule of another library or project with the same name never gets it.
 */
import {
  getMetadataStorage,
  IsEmail as IsEmailRule,
  MaxLength as MaxLengthRule,
  Max as MaxRule,
  type ValidationOptions,
} from 'class-validator';
import { type ImpliedTest, impliedTest } from './implied.ts';

/** The class that class-validator makes for a rule -> its quick test. */
const quickTests = new WeakMap<object, ImpliedTest>();

/** class-validator's `IsEmail`, tested more quickly. */
export function IsEmail(
  options?: Parameters<typeof IsEmailRule>[0],
  validation?: ValidationOptions,
): PropertyDecorator {
  return withQuickTest(IsEmailRule(options, validation), 'isEmail', options);
}

/** class-validator's `MaxLength`, tested more quickly. */
export function MaxLength(max: number, validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(MaxLengthRule(max, validation), 'maxLength', max);
}

/** class-validator's `Max`, tested more quickly. */
export function Max(max: number, validation?: ValidationOptions): PropertyDecorator {
  return withQuickTest(MaxRule(max, validation), 'max', max);
}

/** The quick test of a rule; `undefined` for a rule without one. */
export function quickTestOf(rule: object): ImpliedTest | undefined {
  return quickTests.get(rule);
}

function withQuickTest(decorate: PropertyDecorator, name: string, constraint: unknown): PropertyDecorator {
  const test = impliedTest(name, [constraint]);
  return (target, property) => {
    decorate(target, property);
    const rules = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
    const registered = rules.findLast((rule) => rule.target === target.constructor && rule.propertyName === property);
    if (registered !== undefined && test !== undefined) {
      quickTests.set(registered.constraintCls, test);
    }
  };
}
