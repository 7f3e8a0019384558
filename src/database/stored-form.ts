/** Values as a database stores them: what JavaScript makes of some has fewer digits, or another spelling. */
import type { ColumnType } from './column-types.ts';
import type { Column } from './columns.ts';

/** Long numbers in JSON, microseconds, upper-case UUIDs, a negative zero, what other programs have stored in a column of SQLite. */
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

/** The column with its values as they are stored: text, or a number of SQLite's with a fraction. */
export function inStoredForm(column: Column): Column {
  return { ...column, isLong: false, isReadAsText: true, toColumn: asItIs, fromColumn: asItIs };
}

function asItIs(value: unknown): unknown {
  return value ?? null;
}
