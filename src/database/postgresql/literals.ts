/** Values in PostgreSQL's syntax: as text, and as array elements (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). */

export function listLiteral(elements: readonly unknown[]): string {
  return `{${elements.map(elementLiteral).join(',')}}`;
}

export function elementLiteral(value: unknown): string {
  if (value === null || value === undefined) {
    return 'NULL';
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return String(value);
  }
  const text = textOf(value);
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}

export function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    return listLiteral(value);
  }
  if (value instanceof Uint8Array) {
    return `\\x${Buffer.from(value).toString('hex')}`;
  }
  return value instanceof Date ? value.toISOString() : String(value);
}
