/** JSON in the page, whose numbers are shown and sent back as they are written. */
import { parseJson } from '../../shared/json/parse.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';

/** What `JSON.parse` gives, with the numbers that JavaScript would write otherwise, such as 1.10. @throws SyntaxError as `JSON.parse` does */
export function parseWritten(text: string): unknown {
  return parseJson(text, (value, source) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? new WrittenNumber(source) : value,
  );
}

/** An object as JSON means it. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber);
}
