/**
 * The type of a property's column, as PostgreSQL declares it. PostgreSQL is the stricter engine: a value that fits its column fits
 * on SQLite too, so both engines accept and reject the same records.
 */
import { type EntityMetadata, type EntityProperty, types } from '@mikro-orm/core';
import { declaredOf } from './declared.ts';
import { postgresqlTypeOf } from './postgresql/column-type.ts';

export type ColumnType =
  | { readonly kind: 'text'; readonly maxLength: number | undefined; readonly isPadded: boolean }
  | { readonly kind: 'whole'; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number | undefined; readonly scale: number | undefined }
  | { readonly kind: 'float'; readonly isSingle: boolean }
  | { readonly kind: 'instant'; readonly precision: number }
  | { readonly kind: 'time'; readonly precision: number }
  | { readonly kind: 'boolean' | 'date' | 'uuid' }
  /** Only the database knows its values: `citext`, `inet`, `interval`, an array. */
  | { readonly kind: 'other'; readonly name: string };

/** PostgreSQL's, in microseconds. */
const DEFAULT_PRECISION = 6;

const DECLARATION = /^([a-z][a-z0-9_ ]*?) *(?:\( *(\d+) *(?:, *(\d+) *)?\))?( with time zone| without time zone)?$/;

/** @param declaration such as `varchar(20)` or `timestamp(3) with time zone` */
export function parseColumnType(declaration: string): ColumnType {
  const text = declaration.trim().toLowerCase();
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
    case 'datetime':
    case 'timestamp':
    case 'timestamptz':
      return { kind: 'instant', precision: size ?? DEFAULT_PRECISION };
    case 'time':
      // the text of a time with a zone depends on the session
      return zone === ' with time zone' ? other : { kind: 'time', precision: size ?? DEFAULT_PRECISION };
    default:
      return other;
  }
}

/** The type of the column, whichever engine the metadata belongs to. */
export function columnTypeOf(meta: EntityMetadata, property: EntityProperty): ColumnType {
  const written = declaredOf(meta).columnTypes.get(property.name);
  return parseColumnType(written ?? postgresqlTypeOf(property));
}

/** Whether a property has no custom type, or one of MikroORM's own. */
export function isOwnType({ customType }: EntityProperty): boolean {
  return customType === undefined || Object.values(types).some((type) => type === customType.constructor);
}
