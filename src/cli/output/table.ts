/** Tables for people: numbers to the right, all else to the left. */
import process from 'node:process';
import Table from 'cli-table3';
import { countOf, formatAmount, formatNumber } from './format.ts';
import { withoutControls } from './printable.ts';
import { fitTable } from './table.fit.ts';

/** A number that is written out already, such as an amount. */
export interface Figure {
  readonly figure: string;
}

export type Cell = string | number | bigint | Figure;

/** What names a thing and counts nothing: to the right like a number, without separators, so that it can be pasted back. */
export function idCell(value: number | bigint): Figure {
  return { figure: String(value) };
}

/** More than anybody reads, and less than the library that draws them can take. */
const MAX_ROWS = 10_000;

export interface TableOptions {
  /** The last row, which is shown however many there are. */
  readonly total?: readonly Cell[];
  /** Of the terminal; none where the table goes elsewhere. */
  readonly terminalColumns?: number;
}

/** Numbers stand to the right, all else to the left. In a terminal that is too narrow, cells go on in further lines. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { total, terminalColumns = process.stdout.columns ?? Number.POSITIVE_INFINITY }: TableOptions = {},
): string {
  const isOfNumbers = head.map((_, column) => rows.some((row) => typeof (row[column] ?? '') !== 'string'));
  const shown = rows.slice(0, MAX_ROWS);
  const all = total === undefined ? shown : [...shown, total];
  const fitting = fitTable([head, ...all.map((row) => row.map(textOf))], isOfNumbers, terminalColumns);
  const [fittingHead = [], ...cells] = fitting.rows;
  const table = new Table({
    head: [...fittingHead],
    colAligns: isOfNumbers.map((isNumber) => (isNumber ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': fitting.padding, 'padding-right': fitting.padding },
  });
  table.push(...cells.map((row) => [...row]));
  const more = rows.length - shown.length;
  return more === 0 ? table.toString() : `${table}\n… and ${countOf(more, 'row')} more: --json has all of them.`;
}

function textOf(cell: Cell): string {
  const text = typeof cell === 'object' ? cell.figure : typeof cell === 'string' ? cell : formatNumber(cell);
  // before it is measured, so that columns stay columns
  return withoutControls(text);
}
