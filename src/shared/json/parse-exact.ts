/** Reads JSON without changing its numbers. */
import { isExactNumber } from './exact-number.ts';
import { parseJson } from './parse.ts';
import { WrittenNumber } from './written-number.ts';

/** A JavaScript number represents every number with fewer digits and no exponent exactly. */
const MAYBE_INEXACT = /\d(?:[\d.]{15}|[eE])/;

/** Like `JSON.parse`, but keeps the text of numbers that JavaScript does not represent exactly. @throws SyntaxError as `JSON.parse` does */
export function parseExactJson(text: string): unknown {
  return MAYBE_INEXACT.test(text)
    ? parseJson(text, (value, source) =>
        typeof value === 'number' && source !== undefined && !isExactNumber(source) ? new WrittenNumber(source) : value,
      )
    : parseJson(text);
}
