/**
 * Parses one JSON value of a file. Numbers of a record that JavaScript would spell differently (`19.990`, `1e3`, `9007199254740993`) stay
 * text, so that they are validated like the same text in a CSV file. Within nested objects and lists, numbers are numbers, and those that
 * JavaScript cannot represent keep their spelling.
 */
import { messageOf } from '../../shared/errors.ts';
import { isExactNumber } from '../../shared/json/exact-number.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseJson } from '../../shared/json/parse.ts';
import { scanJson } from '../../shared/json/scan.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { quoted } from '../../shared/text/visible.ts';
import { MAX_DEPTH, MAX_FIELDS, MAX_NAME_CHARACTERS } from './limits.ts';

export type JsonValue =
  /** `numbers` are the keys of a record whose text is a number. */
  | { readonly value: unknown; readonly numbers?: ReadonlySet<string> }
  /** Valid JSON that is not a record. */
  | { readonly problem: string }
  /** Invalid JSON: a clause that says why, and the index of the invalid character. */
  | { readonly fault: string; readonly at: number };

const LIMITS = { maxDepth: MAX_DEPTH, maxValues: MAX_FIELDS };

/** Longer texts are scanned before they are parsed, since the parsed value might not fit into memory. */
const WALKED_CHARACTERS = 1024 * 1024;

export const TOO_DEEP = `The record is nested deeper than ${MAX_DEPTH} levels`;
const TOO_MANY = `The record has more than ${MAX_FIELDS.toLocaleString('en')} keys and elements`;
const LONG_KEY = `The record has a key of more than ${MAX_NAME_CHARACTERS.toLocaleString('en')} characters`;

/** A number with 16 characters or more, an exponent, a trailing zero in its fraction, or -0. */
const MAYBE_INEXACT = /\d(?:[\d.]{15}|[eE]|\.\d*0(?:[,}\]\s]|$))|-0(?:[,}\]\s]|$)/;

/**
 * The number that `text` spells, or `text` itself if JavaScript would write another number, or another spelling.
 *
 * @internal exported for tests
 */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  const isUnsafe = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isUnsafe || String(value) !== text ? text : value;
}

/** @param text the text of a record */
export function readJson(text: string): JsonValue {
  return read(text, recordOf);
}

/** @param text the text of a value that is nested in a record */
export function readNestedJson(text: string): JsonValue {
  return read(text, (value) => ({ value: numbersIn(value) }));
}

/** @param exact converts a value whose inexact numbers have kept their spelling */
function read(text: string, exact: (value: unknown) => JsonValue): JsonValue {
  if (text.length > WALKED_CHARACTERS) {
    const walked = walk(text);
    if (walked !== undefined) {
      return walked;
    }
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    // both reject the same texts, which a property test verifies
    return walk(text) ?? { fault: messageOf(error), at: 0 };
  }
  const survey: Survey = { keys: 0, values: 0 };
  const problem = surveyOf(value, survey, 0);
  if (problem !== undefined) {
    return { problem };
  }
  if (survey.keys !== keysWrittenIn(text)) {
    const walked = walk(text);
    if (walked !== undefined) {
      return walked;
    }
  }
  return MAYBE_INEXACT.test(text) ? exact(parseExactly(text)) : { value };
}

/** Why a text is not a record, if scanning it shows that. */
function walk(text: string): JsonValue | undefined {
  const scan = scanJson(text, LIMITS);
  switch (scan.kind) {
    case 'broken':
      return { fault: scan.reason, at: scan.at };
    case 'tooDeep':
      return { problem: TOO_DEEP };
    case 'tooMany':
      return { problem: TOO_MANY };
    case 'valid':
      return scan.repeatedKey === undefined
        ? undefined
        : { problem: `The key ${quoted(scan.repeatedKey)} occurs twice in one object` };
  }
}

/** Parses with exact numbers. */
function parseExactly(text: string): unknown {
  return parseJson(text, (one, source) =>
    typeof one === 'number' && source !== undefined && exactNumber(source) === source ? new WrittenNumber(source) : one,
  );
}

function recordOf(value: unknown): JsonValue {
  if (value instanceof WrittenNumber) {
    return { value: value.text };
  }
  if (!isJsonObject(value)) {
    return { value: numbersIn(value) };
  }
  const numbers = new Set<string>();
  for (const [key, one] of Object.entries(value)) {
    const isNumber = one instanceof WrittenNumber;
    const read = isNumber ? one.text : numbersIn(one);
    if (isNumber) {
      numbers.add(key);
    }
    if (read !== one) {
      // an assignment to `__proto__` would set the prototype
      Object.defineProperty(value, key, { value: read });
    }
  }
  return numbers.size === 0 ? { value } : { value, numbers };
}

/** A nested value in which numbers that JavaScript can represent are numbers. */
function numbersIn(value: unknown): unknown {
  if (value instanceof WrittenNumber) {
    return isExactNumber(value.text) ? Number(value.text) : value;
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      const read = numbersIn(one);
      if (read !== one) {
        Object.defineProperty(value, key, { value: read });
      }
    }
  }
  return value;
}

/** Counts across nested objects and arrays. */
interface Survey {
  keys: number;
  values: number;
}

/** Counts the keys and values of a value. @returns why it is not a record, or `undefined` */
function surveyOf(value: unknown, survey: Survey, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (depth === MAX_DEPTH) {
    return TOO_DEEP;
  }
  const holder = value as Record<string, unknown>;
  const keys = Object.keys(holder);
  survey.values += keys.length;
  survey.keys += Array.isArray(value) ? 0 : keys.length;
  if (survey.values > MAX_FIELDS) {
    return TOO_MANY;
  }
  for (const key of keys) {
    // names are retained after their record
    if (key.length > MAX_NAME_CHARACTERS) {
      return LONG_KEY;
    }
    const problem = surveyOf(holder[key], survey, depth + 1);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

/** The number of keys in JSON text, or more if a string contains a quote followed by a colon. */
function keysWrittenIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (isSpace(text.charCodeAt(before))) {
      before--;
    }
    count += text[before] === '"' ? 1 : 0;
  }
  return count;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
