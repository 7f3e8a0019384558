/** Maps the properties of an entity to the columns of its table, from MikroORM's metadata. */
import type { EntityMetadata, EntityProperty, Platform } from '@mikro-orm/core';
import { type ColumnType, isOwnType } from './column-types.ts';
import { propertyValues } from './property-values.ts';
import { storedProps } from './relations.ts';
import type { StorageDialect } from './storage.ts';
import { isAlwaysGenerated } from './written.ts';

/** A row as an object with the property names and values of the entity. */
export type Row = Readonly<Record<string, unknown>>;

export interface Column {
  readonly property: string;
  /** The name in the table, not quoted. */
  readonly name: string;
  /** As declared, in lower case: `integer`, `text`, `bigint`. The name of a native enum is quoted. */
  readonly type: string;
  readonly kind: ColumnType['kind'];
  /** Whether the entity's value can exceed a JavaScript number. */
  readonly isLong: boolean;
  /** Whether queries select it as text, since the driver would round numbers in it. */
  readonly isReadAsText?: boolean;
  /** Whether the database fills it in if no value is given. */
  readonly hasDefault: boolean;
  /** Whether a statement has to override the database's generated value to give one. */
  readonly isOverridden: boolean;
  /** Converts the property's value to the column's; `undefined` becomes null. */
  readonly toColumn: (value: unknown) => unknown;
  /** Converts the column's value to the property's, in the form that the application compares. */
  readonly fromColumn: (value: unknown) => unknown;
}

/** All columns that MikroORM writes for the entity, in the order of its properties. */
export function columnsOf(meta: EntityMetadata, platform: Platform, dialect: StorageDialect): Column[] {
  return storedProps(meta).map((property) => {
    const { canonical, type } = propertyValues(meta, property, dialect);
    const { toColumn, fromColumn } = conversionOf(property, type, platform, dialect);
    return {
      property: property.name,
      name: property.fieldNames[0] as string,
      type: declarationOf(property, platform),
      kind: type.kind,
      isLong: type.kind === 'whole' && ['bigint', 'string'].includes(property.runtimeType),
      isOverridden: isAlwaysGenerated(property),
      hasDefault: property.defaultRaw !== undefined || property.default !== undefined,
      toColumn: unlessNull(type.kind === 'uuid' && canonical ? (value) => toColumn(canonical(value)) : toColumn),
      fromColumn: unlessNull(canonical === undefined ? fromColumn : (value) => canonical(fromColumn(value))),
    };
  });
}

function declarationOf({ columnTypes, nativeEnumName }: EntityProperty, platform: Platform): string {
  const [type = ''] = columnTypes;
  if (nativeEnumName === undefined) {
    return type.toLowerCase();
  }
  const [, name = '', brackets = ''] = /^(.*?)((?:\[\])?)$/.exec(type) ?? [];
  return `${name
    .split('.')
    .map((part) => platform.quoteIdentifier(part))
    .join('.')}${brackets}`;
}

type Convert = (value: unknown) => unknown;

function unlessNull(convert: Convert): Convert {
  return (value) => ((value ?? null) === null ? null : convert(value));
}

const unchanged: Convert = (value) => value;

/** Keys of another database may be bigints. */
const withoutBigint: Convert = (value) => (typeof value === 'bigint' ? String(value) : value);

/** Passes for a platform that leaves the elements of a list unchanged. */
const UNWRITTEN: Pick<Platform, 'marshallArray'> = { marshallArray: (elements) => elements as never };

function conversionOf(
  property: EntityProperty,
  { kind }: ColumnType,
  platform: Platform,
  { hasLists }: StorageDialect,
): Pick<Column, 'toColumn' | 'fromColumn'> {
  const { customType, runtimeType, columnTypes } = property;
  if (kind === 'array' && isOwnType(property) && customType) {
    // the engine writes list elements, since MikroORM's text loses the spaces around them
    const isList = hasLists && columnTypes[0]?.endsWith('[]');
    return {
      toColumn: (value) => customType.convertToDatabaseValue(value, isList ? (UNWRITTEN as Platform) : platform),
      // SQLite turns the text of a list with one number into a number if the column is declared as `int[]`
      fromColumn: (value) => customType.convertToJSValue(typeof value === 'number' ? String(value) : value, platform),
    };
  }
  if (kind === 'time' && isOwnType(property)) {
    // MikroORM's type rejects fractions of a second, which the column can hold
    return { toColumn: unchanged, fromColumn: unchanged };
  }
  if (customType) {
    return {
      toColumn: (value) => customType.convertToDatabaseValue(value, platform, { mode: 'query-data' }),
      fromColumn: (value) => customType.convertToJSValue(value, platform),
    };
  }
  switch (runtimeType) {
    case 'Date':
      return {
        toColumn: (value) => platform.processDateProperty(value),
        fromColumn: (value) => (value instanceof Date ? value : platform.parseDate(inUtc(value as string | number))),
      };
    case 'boolean':
      return { toColumn: Boolean, fromColumn: Boolean };
    case 'number':
      return { toColumn: withoutBigint, fromColumn: Number };
    default:
      return { toColumn: unchanged, fromColumn: unchanged };
  }
}

/** A time without a zone in a column is UTC, not the local time of this process. */
function inUtc<T>(value: T): T | string {
  return typeof value === 'string' && /^\d{4,}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?$/.test(value) ? `${value}Z` : value;
}
