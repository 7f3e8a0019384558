/** Converts the class-validator rules of a property to JSON Schema keywords, where there are equivalents. */
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { Schema } from '../../config/route.ts';

interface Rule {
  readonly name: string;
  readonly constraints: readonly unknown[];
  readonly each: boolean;
  /** Whether the rule only decides when the others apply. */
  readonly isCondition: boolean;
}

/** The keywords for the rules of a property. */
export interface RuleKeywords {
  readonly keywords: Schema;
  /** Keywords for the elements of a list. */
  readonly items: Schema;
  /** Whether an empty value violates a rule. */
  readonly isRequired: boolean;
}

/** Rule name -> keywords. A keyword does not apply to values of other types than its own. */
const KEYWORDS: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  min: ([least]) => limit('minimum', least),
  max: ([most]) => limit('maximum', most),
  isPositive: () => ({ exclusiveMinimum: 0 }),
  isNegative: () => ({ exclusiveMaximum: 0 }),
  isDivisibleBy: ([number]) => limit('multipleOf', number),
  minLength: ([length]) => limit('minLength', length),
  maxLength: ([length]) => limit('maxLength', length),
  isLength: ([least, most]) => ({ ...limit('minLength', least), ...limit('maxLength', most) }),
  isIn: ([items]) => listOf('enum', items),
  isEnum: ([entity]) =>
    listOf('enum', typeof entity === 'object' && entity !== null ? Object.values(entity) : undefined),
  isNotIn: ([items]) => (Array.isArray(items) ? { not: { enum: items } } : {}),
  equals: ([value]) => ({ const: value }),
  matches: ([pattern, modifiers]) => patternOf(pattern, modifiers),
  isEmail: () => ({ format: 'email' }),
  isUrl: () => ({ format: 'uri' }),
  isUuid: () => ({ format: 'uuid' }),
  isDateString: () => ({ format: 'date-time' }),
  arrayMinSize: ([size]) => limit('minItems', size),
  arrayMaxSize: ([size]) => limit('maxItems', size),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: () => ({ uniqueItems: true }),
};

/** The rule that allows empty values, which the schema of every nullable property does anyway. */
const OPTIONAL = 'isOptional';

const PRESENCE = new Set(['isNotEmpty', 'isDefined']);

/**
 * @param property of the entity, or of the class of an embedded object
 */
export function ruleKeywords(entity: object, property: string): RuleKeywords {
  const rules = rulesOf(entity, property);
  const all = (isEach: boolean) =>
    rules
      .filter(({ each }) => each === isEach)
      .map(({ name, constraints }) => KEYWORDS[name]?.(constraints) ?? {})
      .reduce<Schema>((before, one) => strictest(before, one), {});
  // no keyword can express the condition of `ValidateIf`
  const isConditional = rules.some(({ isCondition, name }) => isCondition && name !== OPTIONAL);
  const isOptional = rules.some(({ isCondition }) => isCondition);
  return {
    keywords: isConditional ? {} : all(false),
    items: isConditional ? {} : all(true),
    isRequired: !isOptional && rules.some(({ name }) => PRESENCE.has(name)),
  };
}

function rulesOf(entity: object, property: string): Rule[] {
  return getMetadataStorage()
    .getTargetValidationMetadatas(entity as new () => object, '', false, false)
    .filter((rule) => rule.propertyName === property)
    .map(({ name, type, constraints, each }) => ({
      name: name ?? type,
      constraints: constraints ?? [],
      each: Boolean(each),
      isCondition: type === ValidationTypes.CONDITIONAL_VALIDATION,
    }));
}

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];

/** Combines the keywords of two rules, both of which a value must satisfy. */
export function strictest(one: Schema, other: Schema): Schema {
  const all: Record<string, unknown> = { ...one };
  for (const [keyword, value] of Object.entries(other)) {
    const before = all[keyword];
    if (before === undefined) {
      all[keyword] = value;
    } else if (LOWER.includes(keyword)) {
      all[keyword] = Math.max(Number(before), Number(value));
    } else if (UPPER.includes(keyword)) {
      all[keyword] = Math.min(Number(before), Number(value));
    } else if (JSON.stringify(before) !== JSON.stringify(value)) {
      all['allOf'] = [...((all['allOf'] as Schema[] | undefined) ?? []), { [keyword]: value }];
    }
  }
  return all;
}

/** The limit may be text, as in rules about amounts. */
function limit(keyword: string, value: unknown): Schema {
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? { [keyword]: number } : {};
}

function listOf(keyword: string, items: unknown): Schema {
  return Array.isArray(items) ? { [keyword]: items } : {};
}

/** JSON Schema has no flags, so patterns with flags are left out. */
function patternOf(pattern: unknown, modifiers: unknown): Schema {
  const { source, flags } =
    pattern instanceof RegExp
      ? pattern
      : { source: String(pattern), flags: typeof modifiers === 'string' ? modifiers : '' };
  return flags === '' || flags === 'u' ? { pattern: source } : {};
}
