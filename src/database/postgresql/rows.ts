/** Passes rows to PostgreSQL statements: many as one array per column, unnested in parallel; a few as separate parameters. */
import type { Column } from '../columns.ts';
import type { RowsDialect } from '../rows-dialect.ts';
import { postgresqlCopy } from './copy.ts';
import { elementLiteral, listLiteral } from './literals.ts';

/** For up to so many rows, arrays cost the server more than they save. */
const FEW_ROWS = 8;

export const postgresqlRows: RowsDialect = {
  shape: (count) => (count <= FEW_ROWS ? count : 0),
  parameters: (columns, rows) =>
    rows.length <= FEW_ROWS
      ? rows.flatMap((cells) => cells.map(parameter))
      : columns.map((_, index) => arrayLiteral(rows, index)),
  select(columns, shape) {
    if (shape > 0) {
      const rows = Array.from({ length: shape }, (_, row) =>
        columns.map(
          (column, index) =>
            `$${row * columns.length + index + 1}::${isList(column) ? column.type : elementType(column)}`,
        ),
      );
      const names = columns.map((_, index) => `c${index}`);
      return `select * from (values ${rows.map((cells) => `(${cells.join(', ')})`).join(', ')}) as r(${names.join(', ')})`;
    }
    const arrays = columns.map((column, index) => `$${index + 1}::${elementType(column)}[]`);
    const names = columns.map((_, index) => `c${index}`);
    const unnested = `unnest(${arrays.join(', ')}) as r(${names.join(', ')})`;
    return columns.some(isList)
      ? `select ${columns.map((column, index) => (isList(column) ? `c${index}::${column.type} as c${index}` : `c${index}`)).join(', ')} from ${unnested}`
      : `select * from ${unnested}`;
  },
  copy: postgresqlCopy,
  read: ({ isReadAsText = false }, expression) => (isReadAsText ? `${expression}::text` : expression),
  position: (_, expression) => `${expression}::text`,
  equal: (_, expression, value) => `${expression} = ${value}`,
  inTextOrder: (value) => `${value} collate "C"`,
  otherSpelling: () => undefined,
  spellings: (_, given) => given,
  // the column has the collation "C", and its index is on lower(column)
  equalIgnoringCase: (column, value) => `lower(${column}) = lower(${value} collate "C")`,
};

/**
 * The type without its length, to which PostgreSQL would silently truncate a value; the column itself rejects values that are too long.
 * `serial` is not a type, only a way to declare a column.
 */
function elementType(column: Column): string {
  const { type } = column;
  if (isList(column)) {
    // an array of arrays would be unnested down to its elements
    return 'text';
  }
  if (type.startsWith('"')) {
    return type;
  }
  if (/^(bpchar|char(acter)?(?! varying))\b/.test(type)) {
    // the index of the column is not used for comparisons with text
    return 'bpchar';
  }
  return /^(varchar|character varying|text)\b/.test(type)
    ? 'text'
    : type.replace(/\(.*?\)/, '').replace(/^(small|big)?serial$/, '$1int');
}

/**
 * One column of the rows as an array literal, which is faster than sending value by value with the driver.
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

function isList({ type }: Column): boolean {
  return type.endsWith('[]');
}

function parameter(cell: unknown): unknown {
  if (Array.isArray(cell)) {
    return listLiteral(cell);
  }
  return cell instanceof Date ? cell.toISOString() : cell;
}
