/** Free-form details of an order: the subset of JSON that all document stores can store and query in the same way. */
import { isExactNumber, parseJson, scanJson } from '../../../types.ts';
import { isStorable } from '../../limits.ts';

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export type Details = { readonly [name: string]: Json };

/** The maximum size of details as JSON in UTF-8. @internal exported for tests */
export const MAX_DETAILS_BYTES = 16_384;

/** The maximum nesting depth of objects and lists. */
export const MAX_DETAILS_DEPTH = 32;

const MAX_NAME_CHARACTERS = 100;

// paths separate names by full stops and are trimmed; MongoDB interprets names with $ as operators
const FORBIDDEN_IN_NAME = /^$|^[$\s]|\s$|[.\p{Cc}]/u;

/** Names that would be lost or misinterpreted -> the program that reserves them. */
const RESERVED_NAMES: ReadonlyMap<string, string> = new Map([
  ['__proto__', 'JavaScript'],
  ['_bsontype', "MongoDB's driver"],
]);

/** Thrown for invalid details. The message is the reason, without a full stop. */
export class DetailsError extends Error {
  override readonly name = 'DetailsError';
}

/**
 * Parses details from JSON text.
 *
 * @throws DetailsError for anything but a JSON object, and for values that stores would not keep in the same way
 */
export function readDetails(text: string): Details {
  if (Buffer.byteLength(text) > MAX_DETAILS_BYTES) {
    throw tooLong();
  }
  // the limit of values never applies before that of bytes
  const scan = scanJson(text, { maxDepth: MAX_DETAILS_DEPTH, maxValues: MAX_DETAILS_BYTES });
  if (scan.kind === 'tooDeep') {
    throw tooDeep();
  }
  if (scan.kind === 'broken') {
    throw new DetailsError(`they are not JSON: ${scan.reason}`);
  }
  const details = checkDetails(parseExact(text));
  if (scan.kind === 'valid' && scan.repeatedKey !== undefined) {
    throw new DetailsError(
      `the name ${quoted(scan.repeatedKey)} stands twice in one object; take another name for one of them`,
    );
  }
  return details;
}

/**
 * Checks parsed details, and returns them in canonical form, with sorted names, so that equal details have equal JSON text.
 *
 * @throws DetailsError
 */
export function checkDetails(value: unknown): Details {
  if (!isObject(value)) {
    throw new DetailsError('they have to be one JSON object, such as {"gift": {"wrap": true}}');
  }
  const details = canonical(value, 1) as Details;
  if (Buffer.byteLength(JSON.stringify(details)) > MAX_DETAILS_BYTES) {
    throw tooLong();
  }
  return details;
}

function tooDeep(): DetailsError {
  return new DetailsError(`they can be nested ${MAX_DETAILS_DEPTH} deep at most`);
}

function tooLong(): DetailsError {
  return new DetailsError(`they can have at most ${MAX_DETAILS_BYTES.toLocaleString('en')} bytes`);
}

/**
 * Like `JSON.parse`, but refuses numbers that it would round. Only for text with limited nesting.
 *
 * @throws SyntaxError; DetailsError for a number that cannot be stored exactly
 */
export function parseExact(text: string): unknown {
  return parseJson(text, refuseInexact);
}

/** Refuses a number whose text shows that its value would be rounded. */
function refuseInexact(value: unknown, source: string | undefined): unknown {
  if (typeof value === 'number' && source !== undefined && !isExactNumber(source)) {
    throw inexact(source);
  }
  return value;
}

/** Whether a number is exact: whole numbers beyond 2^53 may represent their neighbours as well. */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function checkNumber(value: number): void {
  if (!isExact(value)) {
    throw inexact(String(value));
  }
}

function inexact(number: string): DetailsError {
  const shown = number.length > 40 ? `${number.slice(0, 40)}…` : number;
  return new DetailsError(
    `the number ${shown} cannot be stored exactly; whole numbers go up to ${Number.MAX_SAFE_INTEGER}, decimals have about 16 digits. Write it as text, in quotes`,
  );
}

function canonical(value: unknown, depth: number): Json {
  switch (typeof value) {
    case 'string':
      checkText(value, 'a text');
      return value;
    case 'number':
      checkNumber(value);
      // -0 becomes 0
      return value === 0 ? 0 : value;
    case 'boolean':
      return value;
    default:
      if (value === null) {
        return null;
      }
  }
  if (depth > MAX_DETAILS_DEPTH) {
    throw tooDeep();
  }
  if (Array.isArray(value)) {
    return value.map((element: unknown) => {
      if (Array.isArray(element)) {
        throw new DetailsError('a list cannot stand directly in another list; put an object in between');
      }
      return canonical(element, depth + 1);
    });
  }
  if (!isObject(value)) {
    throw new DetailsError('they can hold text, numbers, true, false, null, lists and objects, and nothing else');
  }
  const names = Object.keys(value).sort();
  for (const name of names) {
    checkName(name);
  }
  return Object.fromEntries(names.map((name) => [name, canonical(value[name], depth + 1)]));
}

function checkName(name: string): void {
  checkText(name, 'a name');
  const owner = RESERVED_NAMES.get(name);
  if (owner !== undefined) {
    throw new DetailsError(
      `the name ${quoted(name)} cannot be kept, for it means something of its own to ${owner}; take another`,
    );
  }
  if (FORBIDDEN_IN_NAME.test(name) || name.length > MAX_NAME_CHARACTERS) {
    throw new DetailsError(
      `the name ${quoted(name)} cannot be used; names have 1 to ${MAX_NAME_CHARACTERS} characters, no full stop, no control character, no $ at their beginning and no space at either end`,
    );
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}

function checkText(text: string, what: string): void {
  if (!isStorable(text)) {
    throw new DetailsError(
      text.includes('\0')
        ? `${what} holds the character U+0000, which not every database can keep`
        : `${what} holds half of a character (a lone surrogate)`,
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
