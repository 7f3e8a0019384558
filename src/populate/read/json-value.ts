/** JSON numbers that JavaScript cannot hold exactly are kept as the text that stood in the file. */

/** Up to so many characters, a number without an exponent comes back from JavaScript as it went in. */
const ALWAYS_EXACT_CHARACTERS = 15;

/** The number that `text` spells, or `text` itself where the number would be another one. */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  if (text.length <= ALWAYS_EXACT_CHARACTERS && !/[eE]/.test(text)) {
    return value;
  }
  const isUnsafe = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isUnsafe || canonical(text) !== canonical(String(value)) ? text : value;
}

/** `JSON.parse`, with numbers kept exact. @throws SyntaxError */
export function parseJson(text: string): unknown {
  // only a number of 16 digits or more, or one with an exponent, can be inexact
  if (!/\d[\d.]{15}|\d[eE]/.test(text)) {
    return JSON.parse(text);
  }
  return JSON.parse(text, function keepExact(_key, value: unknown, context?: { source?: string }) {
    return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value;
  } as (this: unknown, key: string, value: unknown) => unknown);
}

/** Deeper than any record of scalar values; far deeper, and it could not even be written down again. */
const MAX_DEPTH = 64;

export const TOO_DEEP = `The record is nested deeper than ${MAX_DEPTH} levels`;

/** Whether a value holds others in so many others that no record can mean it. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return depth === MAX_DEPTH || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
}

/** An object as JSON means it: not null, not an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One spelling for all texts of the same number: sign, digits without zeros around them, exponent. */
function canonical(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtEnd(digits);
  if (sign === undefined) {
    return text;
  }
  return significant === ''
    ? '0'
    : `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** A pattern would look at all zeros again from each of those that stand in the midst of others. */
function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end--;
  }
  return digits.slice(0, end);
}
