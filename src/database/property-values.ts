/** How a property's column stores values, derived from MikroORM's metadata. */
import { type EntityMetadata, type EntityProperty, type Platform, types } from '@mikro-orm/core';
import { contentOf } from '../shared/json/content.ts';
import { type ColumnType, columnTypeOf, isOwnType } from './column-types.ts';
import { POSTGRESQL_STORAGE, type StorageDialect, type StoredValues } from './storage.ts';
import { listValues } from './stored-lists.ts';
import { storedValues } from './stored-values.ts';

export interface PropertyValues extends StoredValues {
  readonly type: ColumnType;
  /** Whether only the database knows how it stores a value. */
  readonly isOpaque: boolean;
  /** Whether the column stores two non-null values identically. */
  readonly same: (a: unknown, b: unknown) => boolean;
  /** Converts a non-null value to JSON from which the property reads the same value. */
  readonly toJson: (value: unknown) => unknown;
}

const MAX_NAMED = 20;

export function propertyValues(
  meta: EntityMetadata,
  property: EntityProperty,
  dialect: StorageDialect = POSTGRESQL_STORAGE,
): PropertyValues {
  const type = columnTypeOf(meta, property);
  const { items } = property;
  const stored = storedValues(type, dialect, storedTypeOf(property, type));
  const column = items === undefined ? stored : { ...stored, ...itemsOnly(items, type) };
  const isOpaque = type.kind === 'other' && items === undefined;
  const plain = type.kind === 'array' && !dialect.hasLists ? asText(property, column) : column;
  const values = isPlain(property) ? plain : convertedValues(property, column);
  return { type, isOpaque, ...limited(property, values), same: sameIn(property, column), toJson: toJsonOf(property) };
}

function toJsonOf(property: EntityProperty): (value: unknown) => unknown {
  const toColumn = toColumnOf(property);
  const isOfOwnConversion = !isOwnType(property) && !hasFromText(property);
  return (value) =>
    isOfOwnConversion && typeof value === 'object' && !(value instanceof Date)
      ? jsonForm(toColumn(value))
      : jsonForm(value);
}

function jsonForm(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(jsonForm);
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('base64');
  }
  return typeof value === 'bigint' ? String(value) : value;
}

/** A list in a text column, which cannot distinguish a list of one empty text from an empty list. */
function asText(property: EntityProperty, { canonical = (value) => value, problem }: StoredValues): StoredValues {
  const [toColumn, fromColumn] = [toColumnOf(property), fromColumnOf(property)];
  const isKept = (value: unknown) => contentOf(canonical(fromColumn(toColumn(value)))) === contentOf(value);
  return {
    canonical,
    problem: (value) =>
      problem?.(value) ?? (isKept(value) ? undefined : 'is a list that its column cannot store unchanged'),
  };
}

/** For a list, the type of its elements on the entity. */
function storedTypeOf({ customType, runtimeType }: EntityProperty, { kind }: ColumnType): string {
  if (kind !== 'array') {
    return runtimeType;
  }
  const [element] = (customType?.convertToJSValue(['1'], customType.platform as Platform) as unknown[]) ?? [];
  return typeof element;
}

/** Whether the entity's value is sent without conversion, or with one that accepts every value of its kind. */
function isPlain(property: EntityProperty): boolean {
  const { customType } = property;
  return isOwnType(property) && !(customType instanceof types.string || customType instanceof types.text);
}

/** Applies the column's limits to the converted value. */
function convertedValues(property: EntityProperty, { problem }: StoredValues): StoredValues {
  const toColumn = toColumnOf(property);
  return {
    ...(hasFromText(property) ? {} : { canonical: (value) => fromColumnOf(property)(toColumn(value)) }),
    ...(problem === undefined ? {} : { problem: (value) => problem(toColumn(value)) }),
  };
}

/** Rejects negative numbers in properties declared as unsigned, although neither engine has such a type. */
function limited({ unsigned }: EntityProperty, values: StoredValues): StoredValues {
  if (unsigned !== true) {
    return values;
  }
  const { problem } = values;
  return {
    ...values,
    problem: (value) => (Number(value) < 0 ? 'cannot be negative' : problem?.(value)),
  };
}

function sameIn(property: EntityProperty, { canonical = (value) => value }: StoredValues) {
  const toColumn = isPlain(property) ? (value: unknown) => value : toColumnOf(property);
  const known = property.kind === 'embedded' ? withoutNulls : (value: unknown) => value;
  const form = (value: unknown) => comparable(known(canonical(toColumn(value))));
  return (a: unknown, b: unknown) => a === b || form(a) === form(b);
}

/** Removes the null members of an embeddable, which its JSON may omit. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return value;
  }
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutNulls(one)]));
}

function comparable(value: unknown): unknown {
  return typeof value === 'object' ? contentOf(value) : value;
}

type Convert = (value: unknown) => unknown;

function toColumnOf({ customType }: EntityProperty): Convert {
  return (value) => customType?.convertToDatabaseValue(value, customType.platform as Platform, { mode: 'query-data' });
}

function fromColumnOf({ customType }: EntityProperty): Convert {
  return (value) => customType?.convertToJSValue(value, customType.platform as Platform);
}

/** Whether the custom type itself returns the canonical form. */
function hasFromText({ customType }: EntityProperty): boolean {
  return customType !== undefined && 'fromText' in customType;
}

/** For an enum, or a list of its items. */
function itemsOnly(items: readonly unknown[], { kind }: ColumnType): StoredValues {
  const named = items.length > MAX_NAMED ? [...items.slice(0, MAX_NAMED), '…'] : items;
  const problemOf = (value: unknown) => (items.includes(value) ? undefined : `must be one of ${named.join(', ')}`);
  return kind === 'array' ? listValues({ problem: problemOf }) : { problem: problemOf };
}
