/** Groups rows into insert statements with the same columns. */
import type { Column, Row } from './columns.ts';

export interface InsertGroup {
  readonly columns: readonly Column[];
  readonly alike: readonly Row[];
}

/**
 * @param columns the columns of the table
 * @returns the rows in order, split where different columns need their defaults; for most tables a single group. Columns without a value in
 *   any row are left out.
 */
export function insertGroups(columns: readonly Column[], rows: readonly Row[]): InsertGroup[] {
  const groups: { left: readonly Column[]; columns: readonly Column[]; alike: Row[] }[] = [];
  const said = columns.filter(({ property }) => rows.some((row) => row[property] !== undefined));
  const withDefault = said.filter(({ hasDefault }) => hasDefault);
  if (withDefault.length === 0) {
    return rows.length > 0 ? [{ columns: said, alike: rows }] : [];
  }
  for (const row of rows) {
    const left = withDefault.filter(({ property }) => row[property] === undefined);
    const last = groups.at(-1);
    if (last?.left.length === left.length && left.every((column, index) => column === last.left[index])) {
      last.alike.push(row);
    } else {
      groups.push({ left, columns: said.filter((column) => !left.includes(column)), alike: [row] });
    }
  }
  return groups;
}
