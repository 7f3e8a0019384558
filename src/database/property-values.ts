/** How the column of a property stores its values, read from MikroORM's metadata. */
import { type EntityMetadata, type EntityProperty, type Platform, types } from '@mikro-orm/core';
import { type ColumnType, columnTypeOf, isOwnType } from './column-types.ts';
import { POSTGRESQL_STORAGE, type StorageDialect, type StoredValues, storedValues } from './stored-values.ts';

export interface PropertyValues extends StoredValues {
  readonly type: ColumnType;
  /** Whether only the database knows how it stores a value. */
  readonly isOpaque: boolean;
  /** Whether the column stores two values, neither of them null, as the same one. */
  readonly same: (a: unknown, b: unknown) => boolean;
}

const MAX_NAMED = 20;

export function propertyValues(
  meta: EntityMetadata,
  property: EntityProperty,
  dialect: StorageDialect = POSTGRESQL_STORAGE,
): PropertyValues {
  const type = columnTypeOf(meta, property);
  const items = property.enum && !property.array ? property.items : undefined;
  const column = { ...storedValues(type, dialect, property.runtimeType), ...(items ? itemsOnly(items) : {}) };
  const isOpaque = type.kind === 'other' && items === undefined;
  const values = isPlain(property) ? column : convertedValues(property, column);
  return { type, isOpaque, ...values, same: sameIn(property, column) };
}

/** Whether the value on the entity is sent to the column without a conversion. */
function isPlain(property: EntityProperty): boolean {
  const { customType } = property;
  return isOwnType(property) && !(customType instanceof types.string || customType instanceof types.text);
}

/** The limits of the column apply to the converted value. */
function convertedValues(property: EntityProperty, { problem }: StoredValues): StoredValues {
  const toColumn = toColumnOf(property);
  return {
    ...(hasFromText(property) ? {} : { canonical: (value) => fromColumnOf(property)(toColumn(value)) }),
    ...(problem === undefined ? {} : { problem: (value) => problem(toColumn(value)) }),
  };
}

function sameIn(property: EntityProperty, { canonical = (value) => value }: StoredValues) {
  const toColumn = isPlain(property) ? (value: unknown) => value : toColumnOf(property);
  const form = (value: unknown) => comparable(canonical(toColumn(value)));
  return (a: unknown, b: unknown) => a === b || form(a) === form(b);
}

function comparable(value: unknown): unknown {
  if (value instanceof Date) {
    return value.getTime();
  }
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

type Convert = (value: unknown) => unknown;

function toColumnOf({ customType }: EntityProperty): Convert {
  return (value) => customType?.convertToDatabaseValue(value, customType.platform as Platform, { mode: 'query-data' });
}

function fromColumnOf({ customType }: EntityProperty): Convert {
  return (value) => customType?.convertToJSValue(value, customType.platform as Platform);
}

/** A custom type with this method returns the canonical form itself. */
function hasFromText({ customType }: EntityProperty): boolean {
  return customType !== undefined && 'fromText' in customType;
}

function itemsOnly(items: readonly unknown[]): StoredValues {
  const named = items.length > MAX_NAMED ? [...items.slice(0, MAX_NAMED), '…'] : items;
  return { problem: (value) => (items.includes(value) ? undefined : `must be one of ${named.join(', ')}`) };
}
