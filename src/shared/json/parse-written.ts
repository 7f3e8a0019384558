/** Reads JSON whose numbers are shown in their original spelling. */
import { parseJson } from './parse.ts';
import { WrittenNumber } from './written-number.ts';

/** JavaScript keeps the spelling of a number unless it is long, very small, has an exponent or a trailing zero, or is -0. */
const MAYBE_OTHER = /\d(?:[\d.]{15}|[eE]|\.0{6}|\.\d*0(?!\d))|-0(?!\.)/;

/**
 * Like `JSON.parse`, but keeps the text of numbers that JavaScript spells differently, such as 1.10. @throws SyntaxError as `JSON.parse`
 * does
 */
export function parseWrittenJson(text: string): unknown {
  return MAYBE_OTHER.test(text)
    ? parseJson(text, (value, source) =>
        typeof value === 'number' && source !== undefined && String(value) !== source
          ? new WrittenNumber(source)
          : value,
      )
    : parseJson(text);
}
