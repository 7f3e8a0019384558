/** JSON as it is stored: the numbers of an entity are JavaScript's, those that a client is shown have all their digits. */
import { type EntityMetadata, type EntityProperty, types } from '@mikro-orm/core';
import { parseWrittenJson } from '../shared/json/parse-written.ts';
import { isOwnType } from './column-types.ts';
import type { Column } from './columns.ts';

/** Columns whose values are read with the numbers of their JSON as they are written; what a type of the project's own reads is left as it is. */
export function withExactJson({ properties }: EntityMetadata, columns: readonly Column[]): readonly Column[] {
  return columns.map((column) => {
    const property: EntityProperty | undefined = properties[column.property as never];
    return property !== undefined && property.customType instanceof types.json && isOwnType(property)
      ? { ...column, isReadAsText: true, fromColumn: jsonOf }
      : column;
  });
}

function jsonOf(stored: unknown): unknown {
  if (typeof stored !== 'string') {
    return stored ?? null;
  }
  try {
    return parseWrittenJson(stored);
  } catch {
    // SQLite takes text that is no JSON, which MikroORM reads as text
    return stored;
  }
}
