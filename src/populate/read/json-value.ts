/** JSON numbers that JavaScript cannot hold exactly are kept as the text that stood in the file. */

/** The number that `text` spells, or `text` itself where the number would be another one. */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : significantDigits(text) <= 15;
  return isExact ? value : text;
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

/** An object as JSON means it: not null, not an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function significantDigits(text: string): number {
  return text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '').length;
}
