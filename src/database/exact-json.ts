/** Reads JSON columns exactly: entities have JavaScript numbers, while clients get all digits. */
import { type EntityMetadata, type EntityProperty, types } from '@mikro-orm/core';
import { parseWrittenJson } from '../shared/json/parse-written.ts';
import { isOwnType } from './column-types.ts';
import type { Column } from './columns.ts';

/**
 * Columns whose values keep the spelling of numbers in JSON. Columns with a type of the project's own are left unchanged.
 *
 * @param parse decides which numbers keep their spelling
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
    // SQLite stores text that is not JSON, which MikroORM reads as text
    return stored;
  }
}
