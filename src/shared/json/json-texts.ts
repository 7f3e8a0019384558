/**
 * Strings in columns that take any JSON. A load parses text in such a column as JSON, as CSV files contain it. In requests and on the page,
 * a string is a string, so it is encoded as JSON before the record is read in the same way as in a load.
 */
import { looseName } from '../text/column-name.ts';
import { isObject } from './members.ts';

/** The part of a value that takes any JSON: the value itself, the elements of a list, or members of an object. */
export type AnyJson =
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly of: AnyJson }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, AnyJson>> };

/** The value with each string in such a part encoded as JSON. */
export function withJsonTexts(part: AnyJson, value: unknown): unknown {
  switch (part.kind) {
    case 'any':
      return typeof value === 'string' ? JSON.stringify(value) : value;
    case 'list':
      return Array.isArray(value) ? value.map((one) => withJsonTexts(part.of, one)) : value;
    case 'object':
      return isObject(value) ? withMembers(part.members, value) : value;
  }
}

/** Member names match as loosely as column names do. */
function withMembers(
  members: Readonly<Record<string, AnyJson>>,
  value: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const parts = new Map(Object.entries(members).map(([name, part]) => [looseName(name), part]));
  const entries = Object.entries(value).map(([name, one]) => {
    const part = parts.get(looseName(name));
    return [name, part === undefined ? one : withJsonTexts(part, one)];
  });
  return Object.fromEntries(entries);
}
