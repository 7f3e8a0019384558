/** How the properties of an entity stand in the columns of its table, read from MikroORM's metadata. */
import type { EntityMetadata, EntityProperty, Platform } from '@mikro-orm/core';
import { propertyValues } from './property-values.ts';
import type { StorageDialect } from './stored-values.ts';

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
  /** The value of the property for what stands in the column, in the form that the application compares. */
  readonly fromColumn: (value: unknown) => unknown;
}

/** All columns that MikroORM writes for the entity, in the order of its properties. */
export function columnsOf(meta: EntityMetadata, platform: Platform, dialect: StorageDialect): Column[] {
  return meta.props.filter(isWritten).map((property) => {
    const { toColumn, fromColumn } = conversionOf(property, platform);
    const { canonical } = propertyValues(meta, property, dialect);
    return {
      property: property.name,
      name: property.fieldNames[0] as string,
      type: (property.columnTypes[0] ?? '').toLowerCase(),
      hasDefault: property.defaultRaw !== undefined || property.default !== undefined,
      toColumn: unlessNull(toColumn),
      fromColumn: unlessNull(canonical === undefined ? fromColumn : (value) => canonical(fromColumn(value))),
    };
  });
}

/** Whether a statement can give it a value: not what the database computes, nor what is in no column. */
export function isWritten({ kind, persist, generated, formula }: EntityProperty): boolean {
  return kind === 'scalar' && persist !== false && (!generated || generated === IDENTITY) && !formula;
}

type Convert = (value: unknown) => unknown;

function unlessNull(convert: Convert): Convert {
  return (value) => ((value ?? null) === null ? null : convert(value));
}

const asItIs: Convert = (value) => value;

function conversionOf(
  { customType, runtimeType }: EntityProperty,
  platform: Platform,
): Pick<Column, 'toColumn' | 'fromColumn'> {
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
      return { toColumn: asItIs, fromColumn: Number };
    default:
      return { toColumn: asItIs, fromColumn: asItIs };
  }
}

/** A column without a zone holds UTC, not the zone of this process. */
function inUtc<T>(value: T): T | string {
  return typeof value === 'string' && /^\d{4,}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?$/.test(value) ? `${value}Z` : value;
}
