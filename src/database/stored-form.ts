/** Reads values as the database stores them: JavaScript represents some with fewer digits, or another spelling. */
import type { ColumnType } from './column-types.ts';
import type { Column } from './columns.ts';

/**
 * Kinds of values that JavaScript may change: long numbers in JSON, microseconds, upper-case UUIDs, a negative zero, and values of other
 * programs in SQLite columns.
 */
const RESPELLED: ReadonlySet<ColumnType['kind']> = new Set([
  'json',
  'instant',
  'date',
  'time',
  'uuid',
  'boolean',
  'float',
  'array',
  'other',
]);

export function isRespelled({ kind }: Column): boolean {
  return RESPELLED.has(kind);
}

/** The column with values as stored: text, or a number with a fraction in SQLite. */
export function inStoredForm(column: Column): Column {
  return { ...column, isLong: false, isReadAsText: true, toColumn: asItIs, fromColumn: asItIs };
}

function asItIs(value: unknown): unknown {
  return value ?? null;
}
