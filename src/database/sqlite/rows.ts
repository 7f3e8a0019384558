/** How SQLite takes many rows in one statement: as one parameter, a JSON array of arrays. */
import type { RowsDialect } from '../rows-dialect.ts';

export const sqliteRows: RowsDialect = {
  shape: () => 0,
  parameters: (columns, rows) => [JSON.stringify(columns.length === 1 ? rows.map(([cell]) => cell) : rows)],
  select(columns) {
    const cells = columns.length === 1 ? ['value'] : columns.map((_, index) => `value ->> ${index}`);
    // jsonb_each, since json_each would write every row as text again, for each of its cells to be read from;
    // "where true" keeps SQLite from taking the "on conflict" of an insert for a join's "on"
    return `select ${cells.map((cell, index) => `${cell} as c${index}`).join(', ')} from jsonb_each(?) where true`;
  },
  // its columns have a collation that does it
  equalIgnoringCase: (column, value) => `${column} = ${value}`,
};
