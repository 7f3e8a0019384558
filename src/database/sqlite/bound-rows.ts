/**
 * Inserts rows as the variables of a prepared statement, which is faster than reading them from JSON. Columns store the same values as they
 * would from JSON.
 */
import type { Column, Row } from '../columns.ts';
import type { InsertionForm, SingleForm } from '../rows-dialect.ts';

/** SQLite supports 32,766, but with more than these, the statement is too long to be cached, and no faster. */
const MAX_VARIABLES = 1500;
const MAX_ROWS = 250;

export const boundRows: InsertionForm = {
  rows: (columns) => Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_VARIABLES / columns))),
  parameters(columns, rows) {
    const variables = new Array<unknown>(columns.length * rows.length);
    // column by column, since the values of a column mostly have one type
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

/** A row to look up: columns compare the same values as they would from JSON. */
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
      // the driver binds all numbers as floats, which a text column would store as '1.0'
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

/**
 * Whether the column's affinity keeps numbers unchanged or converts them to text
 * (https://sqlite.org/datatype3.html#determination_of_column_affinity).
 */
function isOfText({ type }: Column): boolean {
  return !type.includes('int') && (type === '' || /char|clob|text|blob/.test(type));
}
