/** Converts values to a canonical form that does not depend on the engine: for digests, and for files that `populate` reads. */
import type { Column } from '../database/columns.ts';

/**
 * A JSON value: times as ISO 8601 in UTC, blobs as base64, and integers that a JavaScript number cannot represent as digits. Object keys
 * are sorted, since engines may store them in another order.
 */
export function canonicalValue(column: Column, value: unknown): unknown {
  return plainOf(value, () => plainOf(column.toColumn(value), () => String(value)));
}

/** @param other converts an object whose class JSON does not support */
function plainOf(value: unknown, other: () => unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'bigint':
      return String(value);
    case 'number':
      // JSON has no infinity, and would convert it to null
      return Number.isFinite(value) ? (Object.is(value, -0) ? 0 : value) : String(value);
    case 'object':
      return objectOf(value, other);
    default:
      return value;
  }
}

function objectOf(value: object | null, other: () => unknown): unknown {
  if (value === null) {
    return null;
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (Array.isArray(value)) {
    return value.map((element) => plainOf(element, () => String(element)));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return other();
  }
  const entries = Object.entries(value)
    .filter(([, element]) => element !== undefined)
    .sort(([one], [another]) => (one < another ? -1 : 1));
  return Object.fromEntries(entries.map(([key, element]) => [key, plainOf(element, () => String(element))]));
}
