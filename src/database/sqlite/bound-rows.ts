/**
 * Rows to insert as the variables of one statement, which is prepared once: SQLite takes them faster than it reads them from JSON. Each
 * column stores the same as it does of JSON.
 */
import type { Column, Row } from '../columns.ts';
import type { InsertionForm, SingleForm } from '../rows-dialect.ts';

/** SQLite takes 32,766; with more than these, a statement is too long to be kept, and no faster. */
const MAX_VARIABLES = 1500;
const MAX_ROWS = 250;

export const boundRows: InsertionForm = {
  rows: (columns) => Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_VARIABLES / columns))),
  parameters(columns, rows) {
    const variables = new Array<unknown>(columns.length * rows.length);
    // a column at a time: its values are mostly of one type
    for (const [index, column] of columns.entries()) {
      const { property, toColumn } = column;
      const keepsText = isOfText(column);
      for (let row = 0, at = index; row < rows.length; row++, at += columns.length) {
        variables[at] = variableOf(toColumn((rows[row] as Row)[property]), keepsText);
      }
    }
    return variables;
  },
  select(columns, rows) {
    const row = `(${columns.map(() => '?').join()})`;
    return `values ${Array(rows).fill(row).join()}`;
  },
};

/** A row to look up: a column takes each value for the same as it takes that of JSON. */
export const boundRow: SingleForm = {
  parameters: (columns, row) =>
    columns.map((column) => variableOf(column.toColumn(row[column.property]), isOfText(column))),
  select: (columns) => `select ${columns.map((_, index) => `? as c${index}`).join(', ')}`,
};

function variableOf(cell: unknown, keepsText: boolean): unknown {
  switch (typeof cell) {
    case 'string':
      return cell;
    case 'number':
      // the driver passes every number as a float, of which a column of text would make '1.0'
      return keepsText && Number.isInteger(cell) && Math.abs(cell) < 2 ** 63 ? BigInt(cell) : cell;
    case 'boolean':
      return BigInt(cell);
    case 'object':
      return cell instanceof Date ? cell.toISOString() : objectOf(cell);
    default:
      return cell;
  }
}

function objectOf(cell: object | null): unknown {
  return cell === null || cell instanceof Uint8Array ? cell : JSON.stringify(cell);
}

/** Whether a column keeps a number as it is given, or as its text (https://sqlite.org/datatype3.html#determination_of_column_affinity). */
function isOfText({ type }: Column): boolean {
  return !type.includes('int') && (type === '' || /char|clob|text|blob/.test(type));
}
