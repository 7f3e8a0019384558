/** The class-validator rules of an entity, in words for those that break them. */
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import { messageOfRule } from './messages.ts';

/** What is wrong with a record, or with one of its properties. */
export interface RecordError {
  /** `null` when the error is not about one property. */
  readonly property: string | null;
  /** A class-validator rule, or `duplicate`, `conflict`, `reference`, `parse`, `column`, `refused`. */
  readonly code: string;
  readonly message: string;
}

export type EntityClass = new () => object;
export type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** Rules that ask whether there is a value at all, and rules that ask for its type. */
const PRESENCE_RULES = new Set(['isNotEmpty', 'isDefined']);
const TYPE_RULES = new Set(['isInt', 'isNumber', 'isString', 'isBoolean', 'isDate']);

/**
 * All that the decorators on the entity's class find wrong with it.
 *
 * @param exempt properties, and paths such as `address.zip`, whose rules are not applied
 */
export function ruleErrors(entity: object, exempt: readonly string[] = []): RecordError[] {
  const errors = validateSync(entity, { forbidUnknownValues: false });
  return errors.flatMap((error) => flatten(error)).filter(({ property }) => !exempt.includes(property ?? ''));
}

/** An error of a nested object stands under the path to it: `address.city`. */
function flatten(error: ValidationError, path: readonly string[] = []): RecordError[] {
  const { property, value, constraints = {}, children = [] } = error;
  const here = [...path, property];
  const label = here.join('.');
  const own = Object.keys(constraints).map((code) => ({
    property: label,
    code,
    message: messageOfRule(error, code, label),
  }));
  return [...withoutConsequences(own, value), ...children.flatMap((child) => flatten(child, here))];
}

/**
 * Of one property's errors, those that stand for themselves. That an empty value is no number, or that text is not
 * positive, follows from its being empty, or text, and would only hide the error that has to be fixed.
 */
export function withoutConsequences(errors: RecordError[], value: unknown): RecordError[] {
  const presence = errors.filter(({ code }) => PRESENCE_RULES.has(code));
  // a number that is not a whole one can still be judged by its size
  const isJudged = (code: string) => code === 'isInt' && Number.isFinite(value);
  const type = errors.filter(({ code }) => TYPE_RULES.has(code) && !isJudged(code));
  return [presence, type].find(({ length }) => length > 0) ?? errors;
}

/** Whether there is any rule on the entity's class. */
export function hasRules(entityClass: EntityClass): boolean {
  return metadataOf(entityClass).length > 0;
}

/** The names of rules that answer later, which a synchronous validation would pass over. */
export function asynchronousRules(entityClass: EntityClass): string[] {
  const storage = getMetadataStorage();
  return metadataOf(entityClass)
    .filter(
      ({ constraintCls }) =>
        constraintCls &&
        storage
          .getTargetValidatorConstraints(constraintCls)
          .some(({ async, instance }) => async || instance.validate.constructor.name === 'AsyncFunction'),
    )
    .map(({ propertyName, name, type }) => `${propertyName}: ${name ?? type}`);
}

/** The rules of a class and those that it inherits, without those of groups. */
export function metadataOf(entityClass: EntityClass): Metadata[] {
  return getMetadataStorage().getTargetValidationMetadatas(entityClass, '', false, false);
}
