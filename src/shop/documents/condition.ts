/** Parses conditions on documents for `--where`: a path, optionally with a comparison operator and a value. */
import { MeridianError } from '../../index.ts';
import { isExactNumber, parseJson } from '../../types.ts';
import { MAX_DETAILS_DEPTH } from './model/details.ts';
import { FIELDS } from './model/fields.ts';
import { DOCUMENT_FIELDS } from './model/order-document.ts';

/** A JSON scalar. */
type Scalar = string | number | boolean | null;

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=';

/** A condition. Its path descends into each object of a list; a list at the end of the path stands for its elements. */
export type Condition =
  /** Whether the path exists. */
  | { readonly kind: 'exists'; readonly path: readonly string[]; readonly isThere: boolean }
  /** Whether any value at the path satisfies the comparison; for `!=`, whether no value is equal. */
  | {
      readonly kind: 'compare';
      readonly path: readonly string[];
      readonly operator: Operator;
      readonly value: Scalar;
    };

/** The maximum number of conditions of a query. */
export const MAX_CONDITIONS = 20;

/** The maximum depth of the details, plus `details` itself. */
const MAX_PATH_NAMES = 1 + MAX_DETAILS_DEPTH;

const CONDITION = /^(?<path>[^=!<>]+)(?<operator>!=|>=|<=|=|>|<)(?<value>.*)$/s;
const EXISTENCE = /^(?<not>!?)(?<path>[^=!<>]+)$/s;

const HELP =
  'Write details.gift.wrap=true, lines.quantity>=5, country!=France, details.gift for what has it, or !details.gift for what has not.';

/**
 * Parses a condition such as `details.gift.wrap=true`. The value is parsed as JSON if possible, and is text otherwise.
 *
 * @throws MeridianError `usage` with the reason
 */
export function readCondition(text: string): Condition {
  const fail = (what: string): MeridianError => new MeridianError('usage', `--where ${quoted(text)} ${what}`);
  const compared = CONDITION.exec(text)?.groups;
  if (compared === undefined) {
    const existence = EXISTENCE.exec(text)?.groups;
    if (existence === undefined) {
      throw fail(`is not understood. ${HELP}`);
    }
    const path = readPath(existence['path'] ?? '', fail);
    return { kind: 'exists', path, isThere: existence['not'] === '' };
  }
  const path = readPath(compared['path'] ?? '', fail);
  const operator = compared['operator'] as Operator;
  const written = (compared['value'] ?? '').trim();
  refuseMistyped(path.join('.'), operator, written, fail);
  const value = readValue(written, fail);
  if (operator !== '=' && operator !== '!=' && typeof value !== 'number' && typeof value !== 'string') {
    throw fail(`asks whether something is greater or less than ${String(value)}. Only numbers and text can be.`);
  }
  refuseOtherKind(path.join('.'), operator, value, fail);
  return { kind: 'compare', path, operator, value };
}

function readPath(text: string, fail: (what: string) => MeridianError): string[] {
  const path = text.trim().split('.');
  const [first = ''] = path;
  if (!(DOCUMENT_FIELDS as readonly string[]).includes(first)) {
    throw fail(`begins with ${quoted(first)}, which no document has. There are ${DOCUMENT_FIELDS.join(', ')}.`);
  }
  if (path.some((name) => name === '')) {
    throw fail('has an empty name in its path. Put one full stop between two names.');
  }
  const position = path.find((name) => /^\d+$/.test(name));
  if (position !== undefined) {
    throw fail(
      `names the position ${quoted(position)}. A path goes through all elements of a list: leave the number out.`,
    );
  }
  const wrong = path.find((name) => name.startsWith('$') || /\p{Cc}/u.test(name) || !name.isWellFormed());
  if (wrong !== undefined) {
    throw fail(`has the name ${quoted(wrong)} in its path, which no document can have.`);
  }
  if (path.length > MAX_PATH_NAMES) {
    throw fail(`has ${path.length} names in its path. No document is nested so deep.`);
  }
  return path;
}

/** Refuses values that would be text but are probably typing errors. */
function refuseMistyped(path: string, operator: string, written: string, fail: (what: string) => MeridianError): void {
  if (written === '') {
    throw fail(`compares with nothing. Write a value after ${operator}; a text that is empty is "".`);
  }
  const sign = /^[=<>]+/.exec(written)?.[0];
  if (sign !== undefined) {
    throw fail(
      `has the operator ${operator}${sign}, which does not exist. There are = != > >= < <=; ` +
        `a text that begins with ${sign} is written as JSON: ${path}="${sign}…".`,
    );
  }
}

/** Refuses comparisons that no document can satisfy, or that would compare amounts as text. */
function refuseOtherKind(path: string, operator: Operator, value: Scalar, fail: (what: string) => MeridianError): void {
  const field = FIELDS.get(path);
  const isEquality = operator === '=' || operator === '!=';
  if (field === undefined || (value === null && field.isNullable)) {
    return;
  }
  if (field.cents !== undefined && (!isEquality || typeof value === 'number')) {
    throw fail(
      `compares ${path}, which is text such as "12.50". Compare ${field.cents}, the same in whole cents: ${field.cents}${operator}1250.`,
    );
  }
  if (field.holds === 'number' && typeof value !== 'number') {
    throw fail(
      `compares ${path}, which is a number, with ${quoted(value)}. Write a number, such as ${path}${operator}5.`,
    );
  }
  if (field.holds === 'text' && typeof value !== 'string') {
    throw fail(
      `compares ${path}, which is text, with ${quoted(value)}. Put the text in double quotes: ${path}${operator}"${String(value)}".`,
    );
  }
}

function readValue(text: string, fail: (what: string) => MeridianError): Scalar {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    if (text.startsWith('"')) {
      throw fail(
        'compares with a text that begins with a quote and is not JSON. End it with a quote; one within it is written \\".',
      );
    }
    // anything else that is not JSON is literal text
    value = text;
  }
  if (typeof value === 'object' && value !== null) {
    throw fail('compares with a list or an object. Ask for what is in it, one condition each.');
  }
  if (typeof value === 'number' && !isExactNumber(text)) {
    throw fail(`compares with a number that cannot be stored exactly. Put it in double quotes if text is meant.`);
  }
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
    throw fail('compares with text that no document can hold.');
  }
  return value === 0 ? 0 : (value as Scalar);
}

const MAX_SHOWN = 60;

function quoted(value: Scalar): string {
  const text = typeof value === 'string' && value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
  return JSON.stringify(text);
}
