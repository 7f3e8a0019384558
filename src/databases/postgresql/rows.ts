/** How PostgreSQL takes many rows in one statement: an array a column, unnested side by side. */
import type { RowsDialect } from '../bulk.ts';
import type { Column } from '../columns.ts';

export const postgresqlRows: RowsDialect = {
  parameters: (columns, rows) => columns.map((_, index) => arrayLiteral(rows, index)),
  select(columns) {
    const arrays = columns.map((column, index) => `$${index + 1}::${elementType(column)}[]`);
    const names = columns.map((_, index) => `c${index}`);
    return `select * from unnest(${arrays.join(', ')}) as r(${names.join(', ')})`;
  },
  // the column has the collation "C", and its index is one of lower(column)
  equalIgnoringCase: (column, value) => `lower(${column}) = lower(${value} collate "C")`,
};

/** Without a length, to which PostgreSQL would cut a value in silence; the column itself refuses one that is too long. */
function elementType({ type }: Column): string {
  return /char|text/.test(type) ? 'text' : type.replace(/\(.*?\)/, '');
}

/**
 * One column of the rows as an array in PostgreSQL's own notation, which the server reads faster than the driver could
 * send it value by value.
 *
 * https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
function arrayLiteral(rows: readonly (readonly unknown[])[], index: number): string {
  let literal = '{';
  for (let row = 0; row < rows.length; row++) {
    literal += (row === 0 ? '' : ',') + elementLiteral(rows[row]?.[index]);
  }
  return `${literal}}`;
}

function elementLiteral(value: unknown): string {
  if (value === null || value === undefined) {
    return 'NULL';
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return String(value);
  }
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
