/** JSON in the page, whose numbers are shown and sent back as they are written. */
import { WrittenNumber } from '../../shared/json/written-number.ts';

/** An object as JSON means it. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber);
}
