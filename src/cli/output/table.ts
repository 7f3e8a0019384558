/** Tables for people: numbers are right-aligned, everything else left-aligned. */
import process from 'node:process';
import Table from 'cli-table3';
import { wrapAnsi } from 'fast-wrap-ansi';
import widthOf from 'string-width';
import { formatAmount } from '../../shared/money/format-amount.ts';
import { countOf, formatNumber } from './format.ts';
import { withoutControls } from './printable.ts';
import { type Fitting, fitTable } from './table.fit.ts';

/** A formatted number, such as an amount. */
export interface Figure {
  readonly figure: string;
}

/** A table cell. Numbers are printed with separators and, like figures, right-aligned; text is left-aligned. */
export type Cell = string | number | bigint | Figure;

/** An id: aligned like a number, without separators, so that a command accepts the printed id. */
export function idCell(value: number | bigint): Figure {
  return { figure: String(value) };
}

/** An amount of money; empty if it is unknown. */
export function amountCell(decimal: string | null | undefined): Figure {
  return { figure: decimal ? formatAmount(decimal) : '' };
}

/** The maximum number of rows of a table, which the table library supports. */
export const MAX_ROWS = 10_000;

export interface TableOptions {
  /** The last row, which is always shown. */
  readonly total?: readonly Cell[];
  /** The width of the terminal; `undefined` where the output is not a terminal. */
  readonly terminalColumns?: number;
  /** The number of further rows that are not given. */
  readonly moreRows?: number;
}

/**
 * Renders a table that fits into the terminal without breaking words. If that is impossible, each row becomes a block with one line per
 * column.
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { total, terminalColumns = process.stdout.columns ?? Number.POSITIVE_INFINITY, moreRows = 0 }: TableOptions = {},
): string {
  const isOfNumbers = head.map((_, column) => rows.some((row) => typeof (row[column] ?? '') !== 'string'));
  const shown = rows.slice(0, MAX_ROWS);
  const texts = (total === undefined ? shown : [...shown, total]).map((row) => row.map(textOf));
  const fitting = fitTable([head, ...texts], isOfNumbers, terminalColumns);
  const drawn = fitting === undefined ? blocksOf(head, texts, terminalColumns) : draw(fitting, isOfNumbers);
  const more = rows.length - shown.length + moreRows;
  return more === 0 ? drawn : `${drawn}\n… and ${countOf(more, 'row')} more: --json has all of them.`;
}

function draw({ rows: [head = [], ...rows], padding }: Fitting, isOfNumbers: readonly boolean[]): string {
  const table = new Table({
    head: [...head],
    colAligns: isOfNumbers.map((isNumber) => (isNumber ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': padding, 'padding-right': padding },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** The separator between a column name and its value. */
const SEPARATOR = ' │ ';
/** The minimum width of the values. */
const MIN_VALUE = 10;

function blocksOf(head: readonly string[], rows: readonly (readonly string[])[], terminalColumns: number): string {
  const nameWidth = Math.max(...head.map((name) => widthOf(name)));
  const valueWidth = Math.max(MIN_VALUE, terminalColumns - nameWidth - SEPARATOR.length);
  const lineOf = (name: string, value: string) => {
    const lines = wrapAnsi(value, valueWidth).split('\n');
    return lines.map((line, index) => (index === 0 ? name : '').padEnd(nameWidth) + SEPARATOR + line).join('\n');
  };
  const blocks = rows.map((row) =>
    head.flatMap((name, column) => (row[column] ? [lineOf(name, row[column])] : [])).join('\n'),
  );
  const ruleWidth = Math.min(nameWidth + SEPARATOR.length + valueWidth, Math.max(terminalColumns, nameWidth));
  return blocks.join(`\n${'─'.repeat(ruleWidth)}\n`);
}

function textOf(cell: Cell): string {
  const text = typeof cell === 'object' ? cell.figure : typeof cell === 'string' ? cell : formatNumber(cell);
  // sanitize before measuring the width
  return withoutControls(text);
}
