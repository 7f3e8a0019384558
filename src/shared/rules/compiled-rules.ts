/** The class-validator rules of an entity, compiled for loads of many records. */
import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';
import { MeridianError } from '../errors.ts';
import { messageOfRule } from './messages.ts';
import { quickTestOf } from './quick-rules.ts';
import {
  type EntityClass,
  type IsHidden,
  type Metadata,
  metadataOf,
  type RecordError,
  ruleErrors,
  withoutConsequences,
} from './rules.ts';

const NONE: readonly RecordError[] = [];
const NO_NAMES: readonly string[] = [];

type Check = (value: unknown, entity: object) => boolean;

interface Rule {
  readonly holds: Check;
  readonly code: string;
  /** The message of class-validator for a value that breaks the rule. */
  readonly message: (value: unknown, entity: object) => string;
}

interface PropertyRules {
  readonly name: string;
  readonly conditions: readonly Check[];
  readonly rules: readonly Rule[];
}

/**
 * Calls the functions in class-validator's storage directly, without the overhead of `validateSync`.
 *
 * @returns a test that is true only for entities in which `validateSync` finds no error. It is always false for an entity with an unknown
 *   kind of rule, so that `validateSync` checks every record. The rules of the properties in `exempt` are not applied.
 */
export function compileRules(entityClass: EntityClass): (entity: object, exempt?: readonly string[]) => boolean {
  const properties = propertyRules(entityClass);
  if (properties === undefined) {
    return () => false;
  }
  return (entity, exempt = NO_NAMES) =>
    properties.every((one) => exempt.includes(one.name) || firstBroken(one, entity) === -1);
}

/** @returns a function that finds the same errors as {@link ruleErrors}, without `validateSync` if all kinds of rules are known */
export function compileRuleErrors(
  entityClass: EntityClass,
  isHidden: IsHidden = () => false,
): (entity: object, exempt?: readonly string[]) => readonly RecordError[] {
  const properties = propertyRules(entityClass);
  if (properties === undefined) {
    return (entity, exempt) => ruleErrors(entity, exempt, isHidden);
  }
  return (entity, exempt = NO_NAMES) => {
    let errors = NONE;
    for (const one of properties) {
      if (exempt.length > 0 && exempt.includes(one.name)) {
        continue;
      }
      const first = firstBroken(one, entity);
      if (first !== -1) {
        errors = [...errors, ...errorsOf(one, entity, first, isHidden(one.name))];
      }
    }
    return errors;
  };
}

/** Index of the first rule that a property breaks; -1 if it breaks none. */
function firstBroken({ name, conditions, rules }: PropertyRules, entity: object): number {
  const value = (entity as Record<string, unknown>)[name];
  for (const holds of conditions) {
    if (!holds(value, entity)) {
      return -1;
    }
  }
  for (let index = 0; index < rules.length; index++) {
    if (!(rules[index] as Rule).holds(value, entity)) {
      return index;
    }
  }
  return -1;
}

function errorsOf({ name, rules }: PropertyRules, entity: object, first: number, isHidden: boolean): RecordError[] {
  const value = (entity as Record<string, unknown>)[name];
  const constraints: Record<string, string> = {};
  for (let index = first; index < rules.length; index++) {
    const { holds, code, message } = rules[index] as Rule;
    if (index === first || !holds(value, entity)) {
      constraints[code] = message(value, entity);
    }
  }
  const error = { target: entity, property: name, value, constraints };
  const errors = Object.keys(constraints).map((code) => ({
    property: name,
    code,
    message: messageOfRule(error, code, name, isHidden),
  }));
  return withoutConsequences(errors, value);
}

/** @returns nothing for an entity with an unknown kind of rule */
function propertyRules(entityClass: EntityClass): readonly PropertyRules[] | undefined {
  const properties: PropertyRules[] = [];
  for (const [name, metadatas] of Object.entries(getMetadataStorage().groupByPropertyName(metadataOf(entityClass)))) {
    const conditional = metadatas.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
    const rest = metadatas.filter(
      ({ type }) => type !== ValidationTypes.CONDITIONAL_VALIDATION && type !== ValidationTypes.WHITELIST,
    );
    if (rest.some((metadata) => !isPlainRule(metadata))) {
      return undefined;
    }
    properties.push({
      name,
      conditions: conditional.map(
        ({ constraints }) =>
          (value, entity) =>
            Boolean(constraints[0](entity, value)),
      ),
      // class-validator checks first whether there is a value
      rules: rest
        .toSorted((a, b) => Number(isDefinition(b)) - Number(isDefinition(a)))
        .flatMap((metadata) => rulesOf(entityClass, metadata)),
    });
  }
  return properties;
}

function isDefinition({ type }: Metadata): boolean {
  return type === ValidationTypes.IS_DEFINED;
}

function isPlainRule(metadata: Metadata): boolean {
  const isRule = metadata.type === ValidationTypes.CUSTOM_VALIDATION || isDefinition(metadata);
  return isRule && Boolean(metadata.constraintCls) && !metadata.each;
}

function rulesOf(entityClass: EntityClass, metadata: Metadata): Rule[] {
  const { propertyName: property, type, message, constraints, constraintCls, validateIf } = metadata;
  const { name: targetName } = entityClass;
  // a new object for each call: a rule may keep its arguments
  const given = (value: unknown, object: object): ValidationArguments => ({
    targetName,
    property,
    object,
    value,
    constraints,
  });
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ name, instance }) => {
      // read once here: every rule has a class of its own, so reading the method for each value would cost more than the call
      const { validate } = instance;
      const check: Check = (value, object) => {
        const answer: unknown = validate.call(instance, value, given(value, object));
        if (answer instanceof Promise) {
          throw new MeridianError(
            'usage',
            `${targetName}.${property} has a rule that answers with a promise; records are validated synchronously.`,
          );
        }
        return Boolean(answer);
      };
      const implied = quickTestOf(constraintCls);
      const quick: Check = implied === undefined ? check : (value, object) => implied(value) ?? check(value, object);
      return {
        holds: validateIf ? (value, object) => !validateIf(object, value) || quick(value, object) : quick,
        code: name || type,
        message: (value, object) => {
          const rule = given(value, object);
          return withTokens(message || instance.defaultMessage?.(rule) || '', rule);
        },
      };
    });
}

/** A message with its tokens replaced as class-validator does (https://github.com/typestack/class-validator#validation-messages). */
function withTokens(message: NonNullable<Metadata['message']>, rule: ValidationArguments): string {
  const { value, constraints = [], property, targetName } = rule;
  let text = typeof message === 'function' ? message(rule) : message;
  if (!text.includes('$')) {
    return text;
  }
  for (const [index, constraint] of constraints.entries()) {
    const shown = typeof constraint === 'symbol' ? constraint.description : constraint;
    text = text.replace(
      new RegExp(`\\$constraint${index + 1}`, 'g'),
      Array.isArray(shown) ? shown.join(', ') : `${shown}`,
    );
  }
  if (['string', 'boolean', 'number'].includes(typeof value)) {
    text = text.replace(/\$value/g, String(value));
  }
  return text.replace(/\$property/g, property).replace(/\$target/g, targetName);
}
