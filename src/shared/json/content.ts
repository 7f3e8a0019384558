/** The content of a value as text: equal for values that hold the same, whatever the order of their keys. */

/** @param value of JSON, or with dates, bytes and whole numbers of any size in it */
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
  // an object would put keys that are numbers first, and take `__proto__` for something else
  return { object: keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]) };
}

/** Its fields may be private; then what it writes itself distinguishes it. */
function isOfClass(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}
