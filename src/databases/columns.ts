/** How the properties of an entity stand in the columns of its table, read from MikroORM's metadata. */
import type { EntityMetadata, EntityProperty, Platform } from '@mikro-orm/core';

/** A column that the database fills only where nothing is given. */
const IDENTITY = 'by default as identity';

export type Row = Readonly<Record<string, unknown>>;

export interface Column {
  readonly property: string;
  /** Its name in the table. */
  readonly name: string;
  /** As it is declared, in lower case: `integer`, `text`, `bigint`. */
  readonly type: string;
  /** Whether the database fills it in when nothing is said of it. */
  readonly hasDefault: boolean;
  /** What stands in the column for a value of the property; `undefined`, which says nothing, becomes null. */
  readonly toColumn: (value: unknown) => unknown;
  /** The value of the property for what stands in the column. */
  readonly fromColumn: (value: unknown) => unknown;
}

/** All columns that MikroORM writes for the entity, in the order of its properties. */
export function columnsOf({ props }: EntityMetadata, platform: Platform): Column[] {
  return props.filter(isWritten).map((property) => ({
    property: property.name,
    name: property.fieldNames[0] as string,
    type: (property.columnTypes[0] ?? '').toLowerCase(),
    hasDefault: property.defaultRaw !== undefined || property.default !== undefined,
    ...conversionOf(property, platform),
  }));
}

/** Whether a statement can give it a value: not what the database computes, nor what is in no column. */
export function isWritten({ kind, persist, generated, formula }: EntityProperty): boolean {
  return kind === 'scalar' && persist !== false && (!generated || generated === IDENTITY) && !formula;
}

function conversionOf(
  { customType, runtimeType }: EntityProperty,
  platform: Platform,
): Pick<Column, 'toColumn' | 'fromColumn'> {
  const convert = (to: (value: unknown) => unknown) => (value: unknown) =>
    (value ?? null) === null ? null : to(value);
  if (customType) {
    return {
      toColumn: convert((value) => customType.convertToDatabaseValue(value, platform, { mode: 'query-data' })),
      fromColumn: convert((value) => customType.convertToJSValue(value, platform)),
    };
  }
  if (runtimeType === 'Date') {
    return {
      toColumn: convert((value) => platform.processDateProperty(value)),
      fromColumn: convert((value) => (value instanceof Date ? value : platform.parseDate(value as string | number))),
    };
  }
  if (runtimeType === 'boolean') {
    return { toColumn: convert(Boolean), fromColumn: convert(Boolean) };
  }
  if (runtimeType === 'number') {
    return { toColumn: convert((value) => value), fromColumn: convert(Number) };
  }
  return { toColumn: convert((value) => value), fromColumn: convert((value) => value) };
}
