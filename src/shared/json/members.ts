/** JSON whose numbers may be {@link WrittenNumber}s. */
import { isJsonObject } from './object.ts';
import { WrittenNumber } from './written-number.ts';

/** An object as JSON means it: not null, not an array, not a number. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && !(value instanceof WrittenNumber);
}
