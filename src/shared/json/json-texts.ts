/**
 * Strings where a column takes any JSON. A load takes text there for JSON, as a CSV file has it; in a request, and in the page, a string is a
 * string. So each becomes the JSON that spells it, before the record is read as in a load.
 */
import { looseName } from '../text/column-name.ts';
import { isObject } from './members.ts';

/** Where a value takes any JSON: itself, the elements of a list, or members of an object. */
export type AnyJson =
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly of: AnyJson }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, AnyJson>> };

/** The value, with each string in such a part as the JSON that spells it. */
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

/** Members are named as loosely as columns are. */
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
