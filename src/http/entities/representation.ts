/** JSON representations of rows, which can be read as records again. */
import type { Values } from '../../database/values.ts';
import type { EntityShape, PropertyShape } from '../../populate/record/shape.ts';

/** Embedded objects become objects; decimals, and whole numbers that may exceed 2^53, become text. */
export function representationOf(shape: EntityShape, row: Values): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const { name, path, toJson } of partsOf(shape)) {
    const value = row[name] ?? null;
    put(shown, path, value === null ? null : (toJson(value) ?? null));
  }
  return shape.embedded === undefined ? shown : withoutEmpty(shape, row, shown);
}

interface Part extends Pick<PropertyShape, 'name' | 'toJson'> {
  readonly path: readonly string[];
}

const parts = new WeakMap<EntityShape, readonly Part[]>();

function partsOf(shape: EntityShape): readonly Part[] {
  let found = parts.get(shape);
  if (found === undefined) {
    found = shape.stored.map(({ name, label, toJson }) => ({ name, toJson, path: pathTo(name, label) }));
    parts.set(shape, found);
  }
  return found;
}

/** Members of embedded objects have their path in the label; parts of composite relations have it in the name. */
export function pathTo(name: string, label: string): readonly string[] {
  return label === name ? [name] : label.split('.');
}

function put(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', second] = path;
  if (second === undefined) {
    object[first] = value;
    return;
  }
  const rest = path.slice(1);
  object[first] ??= {};
  put(object[first] as Record<string, unknown>, rest, value);
}

/** Replaces embedded objects without any value by null. */
function withoutEmpty(shape: EntityShape, row: Values, shown: Record<string, unknown>): Record<string, unknown> {
  const members = partsOf(shape).filter(({ path }) => path.length > 1);
  const roots = new Set(members.map(({ path: [root] }) => root));
  const filled = new Set(members.filter(({ name }) => (row[name] ?? null) !== null).map(({ path: [root] }) => root));
  const entries = Object.entries(shown).map(([name, value]) => [
    name,
    roots.has(name) && !filled.has(name) ? null : value,
  ]);
  return Object.fromEntries(entries);
}
