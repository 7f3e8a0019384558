/** The class-validator rules of an entity: a quick answer for the many that keep them, words for those that do not. */
import {
  getMetadataStorage,
  type ValidationArguments,
  type ValidationError,
  ValidationTypes,
  validateSync,
} from 'class-validator';
import { MeridianError } from '../errors.ts';
import { messageOfRule } from './messages.ts';
import { quickTestOf } from './quick-rules.ts';

/** What is wrong with a record, or with one of its properties. */
export interface RecordError {
  /** `null` when the error is not about one property. */
  readonly property: string | null;
  /** A class-validator rule, or `duplicate`, `conflict`, `reference`, `parse`, `column`, `refused`. */
  readonly code: string;
  readonly message: string;
}

type EntityClass = new () => object;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Check = (value: unknown, entity: object) => boolean;

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
function withoutConsequences(errors: RecordError[], value: unknown): RecordError[] {
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

interface PropertyRules {
  readonly name: string;
  readonly conditions: readonly Check[];
  readonly checks: readonly Check[];
}

/**
 * Calls the functions that class-validator's storage holds, without what `validateSync` does around them.
 *
 * @returns a test that is true only for entities in which `validateSync` finds nothing wrong. For an entity with a
 *   kind of rule that is not known here it is always false, which sends every record to `validateSync`. The rules of the properties
 *   in `exempt` are not applied.
 */
export function compileRules(entityClass: EntityClass): (entity: object, exempt?: readonly string[]) => boolean {
  const byProperty = getMetadataStorage().groupByPropertyName(metadataOf(entityClass));
  const properties: PropertyRules[] = [];
  for (const [name, metadatas] of Object.entries(byProperty)) {
    const conditional = metadatas.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
    const rest = metadatas.filter(
      ({ type }) => type !== ValidationTypes.CONDITIONAL_VALIDATION && type !== ValidationTypes.WHITELIST,
    );
    if (rest.some((metadata) => !isPlainRule(metadata))) {
      return () => false;
    }
    properties.push({
      name,
      conditions: conditional.map(
        ({ constraints }) =>
          (value, entity) =>
            Boolean(constraints[0](entity, value)),
      ),
      checks: rest.flatMap((metadata) => checksOf(entityClass, metadata)),
    });
  }
  return (entity, exempt = []) => {
    for (const { name, conditions, checks } of properties) {
      if (exempt.length > 0 && exempt.includes(name)) {
        continue;
      }
      const value = (entity as Record<string, unknown>)[name];
      if (allHold(conditions, value, entity) && !allHold(checks, value, entity)) {
        return false;
      }
    }
    return true;
  };
}

function allHold(checks: readonly Check[], value: unknown, entity: object): boolean {
  for (const holds of checks) {
    if (!holds(value, entity)) {
      return false;
    }
  }
  return true;
}

function metadataOf(entityClass: EntityClass): Metadata[] {
  return getMetadataStorage().getTargetValidationMetadatas(entityClass, '', false, false);
}

function isPlainRule({ type, constraintCls, each }: Metadata): boolean {
  const isRule = type === ValidationTypes.CUSTOM_VALIDATION || type === ValidationTypes.IS_DEFINED;
  return isRule && Boolean(constraintCls) && !each;
}

function checksOf(entityClass: EntityClass, metadata: Metadata): Check[] {
  const { propertyName: property, constraints, constraintCls, validateIf } = metadata;
  const { name: targetName } = entityClass;
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance }) => {
      // looked up here: each rule is of another class, so looking it up for each value would cost more than calling it
      const { validate } = instance;
      const check: Check = (value, object) => {
        // new for each call: a rule may keep what it is given
        const rule: ValidationArguments = { targetName, property, object, value, constraints };
        const answer: unknown = validate.call(instance, value, rule);
        if (answer === true) {
          return true;
        }
        if (answer instanceof Promise) {
          throw new MeridianError(
            'usage',
            `${targetName}.${property} has a rule that answers with a promise; records are validated synchronously.`,
          );
        }
        return false;
      };
      const isImplied = quickTestOf(constraintCls);
      const quick: Check =
        isImplied === undefined ? check : (value, object) => isImplied(value) || check(value, object);
      return validateIf ? (value, object) => !validateIf(object, value) || quick(value, object) : quick;
    });
}
