/**
 * Cheap tests that imply the result of class-validator rules, which get a new object of arguments for each value. For many values that
 * break a rule they have no answer, so the rule itself decides. Property tests prove the implication.
 */
import { isDeepStrictEqual } from 'node:util';
import { isEmail } from 'class-validator';

/** True for a value that keeps the rule, false for one that breaks it, `undefined` if the rule itself has to decide. */
export type ImpliedTest = (value: unknown) => boolean | undefined;

/**
 * Plain addresses: an ASCII local part of at most 64 characters, and a domain of labels of at most 63 that neither
 * begin nor end with a hyphen, the last of them of letters only.
 */
const PLAIN_EMAIL =
  /^(?=[^@]{1,64}@)[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*@(?:[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?\.)+[A-Za-z]{2,63}$/;

const MAX_EMAIL_CHARACTERS = 254;

/** Name of a rule -> its test for given constraints; `undefined` if there is none. */
const TESTS: Readonly<Record<string, (constraints: readonly unknown[]) => ImpliedTest | undefined>> = {
  isEmail: ([options]) =>
    options === undefined || isDeepStrictEqual(options, {}) || isDeepStrictEqual(options, defaultEmailOptions())
      ? isPlainEmail
      : undefined,
  isNotEmpty: () => (value) => value !== '' && value !== null && value !== undefined,
  isString: () => (value) => typeof value === 'string' || undefined,
  isInt: () => Number.isInteger,
  isPositive: () => (value) => typeof value === 'number' && value > 0,
  // the rule counts characters, of which there are never more than UTF-16 code units
  maxLength: ([limit]) =>
    typeof limit === 'number'
      ? (value) => (typeof value === 'string' && value.length <= limit) || undefined
      : undefined,
  max: ([limit]) =>
    typeof limit === 'number' ? (value) => (typeof value === 'number' && value <= limit) || undefined : undefined,
  min: ([limit]) =>
    typeof limit === 'number' ? (value) => (typeof value === 'number' && value >= limit) || undefined : undefined,
};

/**
 * @param name the name of one of class-validator's own rules (see `quick-rules.ts`)
 * @param constraints the arguments of its decorator
 */
export function impliedTest(name: string, constraints: readonly unknown[]): ImpliedTest | undefined {
  return Object.hasOwn(TESTS, name) ? TESTS[name]?.(constraints) : undefined;
}

/** Text without an @ breaks the rule: many files have other text in such a column, and the rule takes long to reject it. */
function isPlainEmail(value: unknown): boolean | undefined {
  if (typeof value !== 'string' || value.length > MAX_EMAIL_CHARACTERS) {
    return undefined;
  }
  return PLAIN_EMAIL.test(value) || (value.includes('@') ? undefined : false);
}

/** `isEmail` writes its defaults into the options object that it gets, so options that were `{}` may look like this. */
function defaultEmailOptions(): object {
  const options = {};
  isEmail('', options);
  return options;
}
