/** JSON as it is stored: the numbers of an entity are JavaScript's, those that a client is shown have all their digits. */
import { type EntityMetadata, type EntityProperty, types } from '@mikro-orm/core';
import { parseWrittenJson } from '../shared/json/parse-written.ts';
import { isOwnType } from './column-types.ts';
import type { Column } from './columns.ts';

/**
 * Columns whose values are read with the numbers of their JSON as they are written; what a type of the project's own reads is left as it is.
 *
 * @param parse decides which numbers are kept as they are written
 */
export function withExactJson(
  { properties }: EntityMetadata,
  columns: readonly Column[],
  parse: (text: string) => unknown = parseWrittenJson,
): readonly Column[] {
  return columns.map((column) => {
    const property: EntityProperty | undefined = properties[column.property as never];
    return property !== undefined && property.customType instanceof types.json && isOwnType(property)
      ? { ...column, isReadAsText: true, fromColumn: (stored: unknown) => jsonOf(stored, parse) }
      : column;
  });
}

function jsonOf(stored: unknown, parse: (text: string) => unknown): unknown {
  if (typeof stored !== 'string') {
    return stored ?? null;
  }
  try {
    return parse(stored);
  } catch {
    // SQLite takes text that is no JSON, which MikroORM reads as text
    return stored;
  }
}
