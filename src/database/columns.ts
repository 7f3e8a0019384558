/** How the properties of an entity stand in the columns of its table, read from MikroORM's metadata. */
import type { EntityMetadata, EntityProperty, Platform } from '@mikro-orm/core';
import { type ColumnType, isOwnType } from './column-types.ts';
import { propertyValues } from './property-values.ts';
import { storedProps } from './relations.ts';
import type { StorageDialect } from './storage.ts';
import { isAlwaysGenerated } from './written.ts';

/** A row by the names of its properties, with the values of the entity. */
export type Row = Readonly<Record<string, unknown>>;

export interface Column {
  readonly property: string;
  /** Its name in the table. */
  readonly name: string;
  /** As it is declared, in lower case: `integer`, `text`, `bigint`. An enum of the database is written as SQL needs it. */
  readonly type: string;
  readonly kind: ColumnType['kind'];
  /** Whether its value on the entity can be greater than a number of JavaScript's. */
  readonly isLong: boolean;
  /** Whether a query selects it as text, since a driver would round numbers in it. */
  readonly isReadAsText?: boolean;
  /** Whether the database fills it in when nothing is said of it. */
  readonly hasDefault: boolean;
  /** Whether a statement that gives it a value has to say that it overrides the database's. */
  readonly isOverridden: boolean;
  /** What stands in the column for a value of the property; `undefined`, which says nothing, becomes null. */
  readonly toColumn: (value: unknown) => unknown;
  /** The value of the property for what stands in the column, in the form that the application compares. */
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

const asItIs: Convert = (value) => value;

/** The key of another database may be one. */
const withoutBigint: Convert = (value) => (typeof value === 'bigint' ? String(value) : value);

/** Stands in for a platform: the elements of a list as they are. */
const UNWRITTEN: Pick<Platform, 'marshallArray'> = { marshallArray: (elements) => elements as never };

function conversionOf(
  property: EntityProperty,
  { kind }: ColumnType,
  platform: Platform,
  { hasLists }: StorageDialect,
): Pick<Column, 'toColumn' | 'fromColumn'> {
  const { customType, runtimeType, columnTypes } = property;
  if (kind === 'array' && isOwnType(property) && customType) {
    // the engine writes the elements of a list: MikroORM's text loses the spaces around them
    const isList = hasLists && columnTypes[0]?.endsWith('[]');
    return {
      toColumn: (value) => customType.convertToDatabaseValue(value, isList ? (UNWRITTEN as Platform) : platform),
      // SQLite makes a number of the text of a list of one number, in a column that is declared as `int[]`
      fromColumn: (value) => customType.convertToJSValue(typeof value === 'number' ? String(value) : value, platform),
    };
  }
  if (kind === 'time' && isOwnType(property)) {
    // MikroORM's type refuses fractions of a second, which the column holds
    return { toColumn: asItIs, fromColumn: asItIs };
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
      return { toColumn: asItIs, fromColumn: asItIs };
  }
}

/** A column without a zone holds UTC, not the zone of this process. */
function inUtc<T>(value: T): T | string {
  return typeof value === 'string' && /^\d{4,}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?$/.test(value) ? `${value}Z` : value;
}
