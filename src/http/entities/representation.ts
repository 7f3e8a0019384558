/** JSON representations of rows, which can be read as records again. */
import type { Values } from '../../database/values.ts';
import type { EntityShape, PropertyShape } from '../../populate/record/shape.ts';
import { isLeftOut, withoutHidden } from './hidden.ts';

/** Hidden properties are left out. Embedded objects become objects; decimals, and whole numbers that may exceed 2^53, become text. */
export function representationOf(shape: EntityShape, row: Values): Record<string, unknown> {
  return represented(shape, row, false);
}

/** The same with hidden properties, for records that are made of rows; never to be shown. */
export function fullRepresentationOf(shape: EntityShape, row: Values): Record<string, unknown> {
  return represented(shape, row, true);
}

function represented(shape: EntityShape, row: Values, isFull: boolean): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const { name, path, toJson, isHidden, hiddenMembers } of partsOf(shape)) {
    if (isHidden && !isFull) {
      continue;
    }
    const value = row[name] ?? null;
    const json = value === null ? null : (toJson(value) ?? null);
    put(shown, path, hiddenMembers === undefined || isFull ? json : withoutHidden(hiddenMembers, json));
  }
  return shape.embedded === undefined ? shown : withoutEmpty(shape, row, shown);
}

interface Part extends Pick<PropertyShape, 'name' | 'toJson' | 'isHidden' | 'hiddenMembers'> {
  readonly path: readonly string[];
}

const parts = new WeakMap<EntityShape, readonly Part[]>();

function partsOf(shape: EntityShape): readonly Part[] {
  let found = parts.get(shape);
  if (found === undefined) {
    found = shape.stored.map((one) => ({ ...one, path: pathTo(one.name, one.label), isHidden: isLeftOut(shape, one) }));
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
