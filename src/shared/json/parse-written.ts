/** Reads JSON whose numbers are shown as they are written. */
import { parseJson } from './parse.ts';
import { WrittenNumber } from './written-number.ts';

/** JavaScript writes a number as it was written unless it is long, very small, has an exponent or a zero at its end, or is -0. */
const MAYBE_OTHER = /\d(?:[\d.]{15}|[eE]|\.0{6}|\.\d*0(?!\d))|-0(?!\.)/;

/** What `JSON.parse` gives, with the numbers that JavaScript would write otherwise, such as 1.10. @throws SyntaxError as `JSON.parse` does */
export function parseWrittenJson(text: string): unknown {
  return MAYBE_OTHER.test(text)
    ? parseJson(text, (value, source) =>
        typeof value === 'number' && source !== undefined && String(value) !== source
          ? new WrittenNumber(source)
          : value,
      )
    : parseJson(text);
}
