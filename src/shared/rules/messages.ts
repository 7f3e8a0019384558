/** Messages for broken rules that were declared without one: the expectation and the actual value. A declared message is kept. */
import type { ValidationError } from 'class-validator';
import * as classValidator from 'class-validator';
import { mentions } from '../text/mentions.ts';
import { quoted, shown } from '../text/visible.ts';

const { getMetadataStorage } = classValidator;

/** class-validator's own rules, such as `isEmail` and `maxLength`. Rules of other packages have their own messages. */
const OWN_RULES = new Set<string>([
  ...Object.entries(classValidator).flatMap(([name, value]) =>
    name === name.toUpperCase() && typeof value === 'string' ? [value] : [],
  ),
  'nestedValidation',
]);

/** Messages in place of class-validator's, which would not help the author of a file. */
const EXPECTED: Readonly<Record<string, (constraints: readonly unknown[]) => string>> = {
  isNotEmpty: () => 'cannot be empty',
  isDefined: () => 'cannot be empty',
  isInt: () => 'must be a whole number',
  isNumber: () => 'must be a number',
  isString: () => 'must be text',
  isBoolean: () => 'must be true or false',
  isDate: () => 'must be a date',
  isDecimal: () => 'must be a decimal number',
  isObject: () => 'must be an object',
  isIn: ([items]) => `must be one of ${listed(items)}`,
  isEnum: ([, items]) => `must be one of ${listed(items)}`,
  minDate: ([date]) => `must not be before ${dateOf(date)}`,
  maxDate: ([date]) => `must not be after ${dateOf(date)}`,
  arrayUnique: () => 'must not hold an element twice',
  isStrongPassword: () => 'must be a strong password',
  nestedValidation: () => 'must be an object or a list of objects',
};

/** Rules whose messages imply the value, and one whose value is a secret. */
const WITHOUT_VALUE = new Set(['isNotEmpty', 'isDefined', 'isStrongPassword']);

/**
 * @param error the error of one property
 * @param code the broken rule
 * @param path the path to the property, such as `address.city`
 * @param isHidden whether the message omits the value
 */
export function messageOfRule(
  { target, property, value, constraints = {} }: ValidationError,
  code: string,
  path: string,
  isHidden = false,
): string {
  const given = constraints[code] ?? '';
  if (given === '') {
    const sentence = `${path} does not satisfy the rule ${code}`;
    return isHidden ? sentence : `${sentence}: it is ${valueShown(value)}`;
  }
  const rule = target && ruleOf(target, property, code, given);
  if (rule === undefined || hasOwnMessage(rule) || !OWN_RULES.has(code)) {
    // a message with $value, or a function that makes one, may show it; a message that is as declared does not
    const isShown = isHidden && rule?.message !== given && mentions(given, value);
    return isShown ? `${path} does not satisfy the rule ${code}` : given;
  }
  const expected = EXPECTED[code]?.(rule.constraints ?? []);
  const sentence = expected === undefined || rule.each ? withPath(given, property, path) : `${path} ${expected}`;
  return isHidden || (WITHOUT_VALUE.has(code) && !rule.each) ? sentence : `${sentence}, but is ${valueShown(value)}`;
}

/** `ValidateNested` gives its rule a message even if the decorator has none. */
function hasOwnMessage({ message }: Rule): boolean {
  return message !== undefined && !String(message).endsWith('nested property $property must be either object or array');
}

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** Cached, since class-validator computes them for each call. */
const rulesOf = new WeakMap<object, readonly Rule[]>();

function ruleOf(target: object, property: string, code: string, message: string): Rule | undefined {
  const entityClass = target.constructor;
  const all =
    rulesOf.get(entityClass) ?? getMetadataStorage().getTargetValidationMetadatas(entityClass, '', false, false);
  rulesOf.set(entityClass, all);
  const rules = all.filter((rule) => rule.propertyName === property && (rule.name ?? rule.type) === code);
  // of two rules with the same name, the one whose declared message this is
  return rules.find((rule) => rule.message === message) ?? rules[0];
}

function withPath(message: string, property: string, path: string): string {
  const sentence = message.replace(/[.]$/, '');
  return sentence.startsWith(`${property} `) ? `${path}${sentence.slice(property.length)}` : sentence;
}

/** A value as messages show it: shortened, text in quotes, `missing` or `empty` if there is none. */
export function valueShown(value: unknown): string {
  if (value === undefined || value === null) {
    return 'missing';
  }
  if (typeof value === 'string') {
    return value === '' ? 'empty' : quoted(value);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  }
  return shown(typeof value === 'object' ? JSON.stringify(value, withBigints) : String(value));
}

/** @param clause a clause such as `must be a whole number from 0 to 9`, or `holds a NUL character` */
export function withValue(clause: string, value: unknown): string {
  return `${clause}${/^(?:must|can|cannot) /.test(clause) ? ', but is' : ':'} ${valueShown(value)}`;
}

function withBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function listed(items: unknown): string {
  return Array.isArray(items) ? items.join(', ') : Object.values(items as object).join(', ');
}

function dateOf(date: unknown): string {
  const value: unknown = typeof date === 'function' ? date() : date;
  return value instanceof Date ? value.toISOString() : String(value);
}
