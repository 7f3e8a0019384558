/** Rows as the API shows them: JSON from which the same record can be read again. */
import type { Values } from '../../database/values.ts';
import { type EntityShape, toJson } from '../../populate/record/shape.ts';

/** Embedded objects are objects; whole numbers that may be beyond 2^53, and decimals, are text. */
export function representationOf(shape: EntityShape, row: Values): Record<string, unknown> {
  const flat = toJson(shape, row);
  const shown: Record<string, unknown> = {};
  for (const { name, label } of shape.stored) {
    put(shown, pathTo(name, label), flat[name] ?? null);
  }
  return shape.embedded === undefined ? shown : withoutEmpty(shape, shown);
}

/** A member of an embedded object has a label with its path; a part of a composite relation has a name with one. */
export function pathTo(name: string, label: string): readonly string[] {
  return label === name ? [name] : label.split('.');
}

function put(object: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    object[first] = value;
    return;
  }
  object[first] ??= {};
  put(object[first] as Record<string, unknown>, rest, value);
}

/** An embedded object whose members all have no value is none. */
function withoutEmpty({ stored }: EntityShape, shown: Record<string, unknown>): Record<string, unknown> {
  const roots = new Set(
    stored.map(({ name, label }) => pathTo(name, label)).flatMap(([root, ...more]) => (more.length > 0 ? [root] : [])),
  );
  const entries = Object.entries(shown).map(([name, value]) => [
    name,
    roots.has(name) && isEmpty(value) ? null : value,
  ]);
  return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isEmpty));
}
