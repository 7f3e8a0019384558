/**
 * The column type of a property, as PostgreSQL declares it. PostgreSQL is stricter: a value that fits its column fits on SQLite too, so
 * both engines accept and reject the same records.
 */
import { type ArrayType, type EntityMetadata, type EntityProperty, types } from '@mikro-orm/core';
import { declaredColumn, withDeclaredLength } from './declared.ts';
import { postgresqlTypeNamed, postgresqlTypeOf } from './postgresql/column-type.ts';
import { typeOfPart } from './relations.ts';

export type ColumnType =
  | { readonly kind: 'text'; readonly maxLength: number | undefined; readonly isPadded: boolean }
  | { readonly kind: 'whole'; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number | undefined; readonly scale: number | undefined }
  | { readonly kind: 'float'; readonly isSingle: boolean }
  | { readonly kind: 'instant'; readonly precision: number }
  | { readonly kind: 'time'; readonly precision: number }
  | { readonly kind: 'boolean' | 'date' | 'uuid' | 'json' | 'bytes' }
  | { readonly kind: 'array'; readonly element: ColumnType }
  /** A type whose values only the database can check: `citext`, `inet`, `interval`. */
  | { readonly kind: 'other'; readonly name: string };

/** PostgreSQL's default: microseconds. */
const DEFAULT_PRECISION = 6;

const DECLARATION = /^([a-z][a-z0-9_ ]*?) *(?:\( *(\d+) *(?:, *(\d+) *)?\))?( with time zone| without time zone)?$/;

/** @param declaration such as `varchar(20)` or `timestamp(3) with time zone` */
export function parseColumnType(declaration: string): ColumnType {
  const text = declaration.trim().toLowerCase();
  if (text.endsWith('[]')) {
    return { kind: 'array', element: parseColumnType(text.slice(0, -'[]'.length)) };
  }
  const other: ColumnType = { kind: 'other', name: text };
  const match = DECLARATION.exec(text);
  if (match === null) {
    return other;
  }
  const [, name = '', first, second, zone = ''] = match;
  const size = first === undefined ? undefined : Number(first);
  switch (name) {
    case 'text':
    case 'varchar':
    case 'character varying':
      return { kind: 'text', maxLength: size, isPadded: false };
    case 'char':
    case 'character':
      return { kind: 'text', maxLength: size ?? 1, isPadded: true };
    case 'bpchar':
      return { kind: 'text', maxLength: size, isPadded: true };
    case 'int2':
    case 'tinyint':
    case 'smallint':
    case 'smallserial':
      return { kind: 'whole', bits: 16 };
    case 'int':
    case 'int4':
    case 'integer':
    case 'mediumint':
    case 'serial':
      return { kind: 'whole', bits: 32 };
    case 'int8':
    case 'bigint':
    case 'bigserial':
      return { kind: 'whole', bits: 64 };
    case 'decimal':
    case 'numeric':
      return { kind: 'decimal', precision: size, scale: size === undefined ? undefined : Number(second ?? 0) };
    case 'float4':
    case 'real':
      return { kind: 'float', isSingle: true };
    case 'float8':
    case 'double':
    case 'double precision':
      return { kind: 'float', isSingle: false };
    case 'bool':
    case 'boolean':
      return { kind: 'boolean' };
    case 'date':
      return { kind: 'date' };
    case 'uuid':
      return { kind: 'uuid' };
    case 'json':
    case 'jsonb':
      return { kind: 'json' };
    case 'blob':
    case 'bytea':
      return { kind: 'bytes' };
    case 'datetime':
    case 'timestamp':
    case 'timestamptz':
      return { kind: 'instant', precision: size ?? DEFAULT_PRECISION };
    case 'time':
      // the text of a time with a zone depends on the session's time zone
      return zone === ' with time zone' ? other : { kind: 'time', precision: size ?? DEFAULT_PRECISION };
    default:
      return other;
  }
}

/** Whether two declarations, such as `varchar(20)` and `character varying(20)`, are of the same type. */
export function isSameType(one: string, other: string): boolean {
  return JSON.stringify(parseColumnType(one)) === JSON.stringify(parseColumnType(other));
}

/** The type of the column, whichever engine the metadata belongs to. Lists, objects and bytes may also be in text columns. */
export function columnTypeOf(meta: EntityMetadata, property: EntityProperty): ColumnType {
  const target = typeOfPart(property);
  if (target !== undefined) {
    return columnTypeOf(target.meta, target.property);
  }
  const { columnType, elementType } = declaredColumn(meta, property);
  const type = parseColumnType(columnType ?? postgresqlTypeOf(withDeclaredLength(property)));
  const { customType } = property;
  if (!isOwnType(property) || customType === undefined) {
    return type;
  }
  if (customType instanceof types.json) {
    return { kind: 'json' };
  }
  if (customType instanceof types.uint8array) {
    return { kind: 'bytes' };
  }
  if (customType instanceof types.array) {
    const written = type.kind === 'array' && columnType !== undefined ? type.element : undefined;
    const element = elementType === undefined ? undefined : parseColumnType(postgresqlTypeNamed(elementType, property));
    return { kind: 'array', element: written ?? element ?? elementOf(customType, type) };
  }
  return type;
}

/** The element type of a list that does not declare one, derived from how MikroORM converts text. */
function elementOf(list: ArrayType, type: ColumnType): ColumnType {
  const [element] = list.convertToJSValue(['1'], undefined as never) ?? [];
  if (typeof element === 'number') {
    return { kind: 'float', isSingle: false };
  }
  return type.kind === 'array' ? type.element : { kind: 'text', maxLength: undefined, isPadded: false };
}

/** Whether a property has no custom type, or a type of MikroORM's own. */
export function isOwnType({ customType }: EntityProperty): boolean {
  return customType === undefined || Object.values(types).some((type) => type === customType.constructor);
}
