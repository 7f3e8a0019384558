/** Applies the class-validator rules of an entity and explains the broken ones. */
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import { messageOfRule } from './messages.ts';

/** An error of a record, or of one of its properties. */
export interface RecordError {
  /** `null` when the error is not about one property. */
  readonly property: string | null;
  /** A class-validator rule, or `duplicate`, `conflict`, `reference`, `parse`, `column`, `refused`. */
  readonly code: string;
  readonly message: string;
}

/** @param path such as `address.city` */
export type IsHidden = (path: string) => boolean;

export type EntityClass = new () => object;
export type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** Rules that require a value, and rules that require a type. */
const PRESENCE_RULES = new Set(['isNotEmpty', 'isDefined']);
const TYPE_RULES = new Set(['isInt', 'isNumber', 'isString', 'isBoolean', 'isDate']);

/**
 * All errors that the decorators of the entity's class find.
 *
 * @param exempt properties and paths, such as `address.zip`, whose rules are skipped
 * @param isHidden whether messages omit the value of a property
 */
export function ruleErrors(
  entity: object,
  exempt: readonly string[] = [],
  isHidden: IsHidden = () => false,
): RecordError[] {
  const errors = validateSync(entity, { forbidUnknownValues: false });
  return errors.flatMap((error) => flatten(error, isHidden)).filter(({ property }) => !exempt.includes(property ?? ''));
}

/** An error of a nested object has its path as property: `address.city`. */
function flatten(error: ValidationError, isHidden: IsHidden, path: readonly string[] = []): RecordError[] {
  const { property, value, constraints = {}, children = [] } = error;
  const here = [...path, property];
  const label = here.join('.');
  const own = Object.keys(constraints).map((code) => ({
    property: label,
    code,
    message: messageOfRule(error, code, label, isHidden(label)),
  }));
  return [...withoutConsequences(own, value), ...children.flatMap((child) => flatten(child, isHidden, here))];
}

/**
 * The errors of one property without those that follow from another. An empty value is also no number, and text is also not positive: such
 * errors would only hide the one that has to be fixed.
 */
export function withoutConsequences(errors: RecordError[], value: unknown): RecordError[] {
  const presence = errors.filter(({ code }) => PRESENCE_RULES.has(code));
  // a number that is not an integer can still be checked against a range
  const isJudged = (code: string) => code === 'isInt' && Number.isFinite(value);
  const type = errors.filter(({ code }) => TYPE_RULES.has(code) && !isJudged(code));
  return [presence, type].find(({ length }) => length > 0) ?? errors;
}

/** Whether the entity's class has any rule. */
export function hasRules(entityClass: EntityClass): boolean {
  return metadataOf(entityClass).length > 0;
}

/** The names of asynchronous rules, which a synchronous validation would skip. */
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

/** The rules of a class and its superclasses, without those of validation groups. */
export function metadataOf(entityClass: EntityClass): Metadata[] {
  return getMetadataStorage().getTargetValidationMetadatas(entityClass, '', false, false);
}
