/** Reads JSON without changing a number of it. */
import { isExactNumber } from './exact-number.ts';
import { parseJson } from './parse.ts';
import { WrittenNumber } from './written-number.ts';

/** Of fewer characters and without an exponent, JavaScript has every number. */
const MAYBE_INEXACT = /\d(?:[\d.]{15}|[eE])/;

/** What `JSON.parse` gives, with the numbers that JavaScript does not have as they are written. @throws SyntaxError as `JSON.parse` does */
export function parseExactJson(text: string): unknown {
  return MAYBE_INEXACT.test(text)
    ? parseJson(text, (value, source) =>
        typeof value === 'number' && source !== undefined && !isExactNumber(source) ? new WrittenNumber(source) : value,
      )
    : parseJson(text);
}
