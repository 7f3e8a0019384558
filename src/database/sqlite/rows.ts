/** How SQLite takes many rows in one statement: as one parameter, a JSON array of arrays; many to insert as they are. */
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
    // jsonb_each, since json_each would write every row as text again, for each of its cells to be read from;
    // "where true" keeps SQLite from taking the "on conflict" of an insert for a join's "on"
    return `select ${cells.map((cell, index) => `${cell} as c${index}`).join(', ')} from jsonb_each(?) where true`;
  },
  insertion: boundRows,
  untilRefused,
  single: boundRow,
  // the driver returns numbers of JavaScript's
  read({ isLong, isReadAsText = false }, expression) {
    const text = `cast(${expression} as text)`;
    // a real number, which would lose digits as text, is one of JavaScript's
    const whole = `case typeof(${expression}) when 'integer' then ${text} else ${expression} end`;
    return isLong ? text : isReadAsText ? whole : expression;
  },
  position: ({ isLong }, expression) => (isLong ? `cast(${expression} as text)` : expression),
  // other programs may have written a UUID in upper case
  equal: ({ kind }, expression, value) =>
    kind === 'uuid' ? `${expression} in (${value}, upper(${value}))` : `${expression} = ${value}`,
  // the collation of the column counts
  inTextOrder: (value) => value,
  otherSpelling: ({ kind }, expression) => (kind === 'uuid' ? `${expression} <> lower(${expression})` : undefined),
  spellings(columns, given) {
    const isUuid = ({ kind }: Column) => kind === 'uuid';
    const cells = columns.map((column, index) => (isUuid(column) ? `upper(c${index})` : `c${index}`));
    return columns.some(isUuid)
      ? `with given as (${given}) select * from given union all select ${cells.join(', ')} from given`
      : given;
  },
  // its columns have a collation that does it
  equalIgnoringCase: (column, value) => `${column} = ${value}`,
};

/** JSON has no bytes, and no infinite numbers: a column of numbers makes one of a text that is too great. */
function written(cell: unknown): unknown {
  if (cell === Number.POSITIVE_INFINITY || cell === Number.NEGATIVE_INFINITY) {
    return cell > 0 ? '9e999' : '-9e999';
  }
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell;
}

function isBytes({ type }: Column): boolean {
  return type === 'blob';
}
