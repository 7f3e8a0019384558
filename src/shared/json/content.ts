/** The content of a value as text: equal for equal values, whatever the order of their keys. */

/** @param value JSON, or a value with dates, bytes and integers of any size in it */
export function contentOf(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'undefined';
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return { bigint: String(value) };
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (value instanceof Date) {
    return { time: value.getTime() };
  }
  if (value instanceof Uint8Array) {
    return { bytes: Buffer.from(value).toString('base64') };
  }
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (isOfClass(value)) {
    return {
      of: value.constructor.name,
      is: 'toJSON' in value ? sorted(JSON.parse(JSON.stringify(value))) : fieldsOf(value),
    };
  }
  return fieldsOf(value);
}

function fieldsOf(value: object): unknown {
  const keys = Object.keys(value).sort();
  // an object would put integer keys first, and treat `__proto__` specially
  return { object: keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]) };
}

/** The fields of an instance may be private; then its own JSON or text distinguishes it. */
function isOfClass(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}
