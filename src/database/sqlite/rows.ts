/** Passes many rows to one SQLite statement: as one parameter, a JSON array of arrays; for inserts, as bound values. */
import type { Column } from '../columns.ts';
import type { RowsDialect } from '../rows-dialect.ts';
import { boundRow, boundRows } from './bound-rows.ts';
import { untilRefused } from './until-refused.ts';

export const sqliteRows: RowsDialect = {
  shape: () => 0,
  parameters: (columns, rows) => [
    JSON.stringify(
      columns.length === 1 ? rows.map(([cell]) => written(cell)) : rows.map((cells) => cells.map(written)),
    ),
  ],
  select(columns) {
    const cells = columns.map((column, index) => {
      const cell = columns.length === 1 ? 'value' : `value ->> ${index}`;
      return isBytes(column) ? `unhex(${cell})` : cell;
    });
    // jsonb_each, since json_each would convert every row to text again, and parse it for each cell; "where true" keeps SQLite from parsing
    // the "on conflict" of an insert as a join's "on"
    return `select ${cells.map((cell, index) => `${cell} as c${index}`).join(', ')} from jsonb_each(?) where true`;
  },
  insertion: boundRows,
  untilRefused,
  single: boundRow,
  // the driver returns JavaScript numbers
  read({ isLong, isReadAsText = false }, expression) {
    const text = `cast(${expression} as text)`;
    // a float would lose digits as text, and is a JavaScript number anyway
    const whole = `case typeof(${expression}) when 'integer' then ${text} else ${expression} end`;
    return isLong ? text : isReadAsText ? whole : expression;
  },
  position: ({ isLong }, expression) => (isLong ? `cast(${expression} as text)` : expression),
  // other programs may have written a UUID in upper case
  equal: ({ kind }, expression, value) =>
    kind === 'uuid' ? `${expression} in (${value}, upper(${value}))` : `${expression} = ${value}`,
  // the collation of the column applies
  inTextOrder: (value) => value,
  otherSpelling: ({ kind }, expression) => (kind === 'uuid' ? `${expression} <> lower(${expression})` : undefined),
  spellings(columns, given) {
    const isUuid = ({ kind }: Column) => kind === 'uuid';
    const cells = columns.map((column, index) => (isUuid(column) ? `upper(c${index})` : `c${index}`));
    return columns.some(isUuid)
      ? `with given as (${given}) select * from given union all select ${cells.join(', ')} from given`
      : given;
  },
  // the columns have a collation that does this
  equalIgnoringCase: (column, value) => `${column} = ${value}`,
};

/** JSON has no bytes, and no infinities: a numeric column converts a text that is too large to one. */
function written(cell: unknown): unknown {
  if (cell === Number.POSITIVE_INFINITY || cell === Number.NEGATIVE_INFINITY) {
    return cell > 0 ? '9e999' : '-9e999';
  }
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell;
}

function isBytes({ type }: Column): boolean {
  return type === 'blob';
}
