/** JSON whose numbers may be {@link WrittenNumber}s. */
import { isJsonObject } from './object.ts';
import { WrittenNumber } from './written-number.ts';

/** A JSON object: not null, not an array, not a number. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && !(value instanceof WrittenNumber);
}
