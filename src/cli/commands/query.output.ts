/** Prints the rows of a query: as a table for people, or streamed as JSON or CSV. */
import process from 'node:process';
import Papa from 'papaparse';
import type { QueryRow, QueryRows } from '../../query/rows.ts';
import { countOf } from '../output/format.ts';
import { printable, printableJson } from '../output/printable.ts';
import { type Cell, MAX_ROWS, renderTable } from '../output/table.ts';
import type { Output } from '../output/terminal.ts';
import { written } from '../output/written.ts';

/** The maximum number of characters of a table cell. */
const MAX_CELL = 200;

const NEWLINE = '\r\n';

/** Prints an array of objects, one per line. */
export async function printJsonRows({ columns, batches }: QueryRows): Promise<void> {
  let before = '[';
  for await (const batch of batches) {
    let text = '';
    for (const row of batch) {
      text += `${before}\n${printableJson(Object.fromEntries(columns.map((name, index) => [name, row[index]])))}`;
      before = ',';
    }
    if (!(await written(process.stdout, text))) {
      return;
    }
  }
  await written(process.stdout, before === '[' ? '[]\n' : '\n]\n');
}

/**
 * Prints the values unchanged. The CSV is for programs, so values that a spreadsheet would interpret as formulas are not escaped, unlike in
 * reports.
 */
export async function printCsvRows({ columns, batches }: QueryRows): Promise<void> {
  if (!(await written(process.stdout, csvOf([columns])))) {
    return;
  }
  for await (const batch of batches) {
    if (batch.length > 0 && !(await written(process.stdout, csvOf(batch.map((row) => row.map(csvField)))))) {
      return;
    }
  }
}

/** Prints a table. It keeps no more rows in memory than the table shows. */
export async function printTable(output: Output, { columns, batches }: QueryRows): Promise<void> {
  const shown: QueryRow[] = [];
  let count = 0;
  for await (const batch of batches) {
    count += batch.length;
    shown.push(...batch.slice(0, MAX_ROWS - shown.length));
  }
  const rows = shown.map((row) => row.map(cellOf));
  output.say(
    renderTable(
      columns.map((name) => printable(name)),
      rows,
      { moreRows: count - shown.length },
    ),
  );
  output.note(countOf(count, 'row'));
}

function csvOf(rows: readonly (readonly unknown[])[]): string {
  return `${Papa.unparse(rows as unknown[][], { newline: NEWLINE })}${NEWLINE}`;
}

function csvField(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** Numbers are printed without separators, since they may be keys. */
function cellOf(value: unknown): Cell {
  if (typeof value === 'number') {
    return { figure: String(value) };
  }
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  return printable(text, MAX_CELL);
}
