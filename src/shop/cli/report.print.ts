/** Prints a report as a table with totals, a chart, JSON or CSV. */
import process from 'node:process';
import Papa from 'papaparse';
import { importFor } from '../../index.ts';
import { countOf, type Output, renderTable } from '../../module.ts';
import type { Bar } from './report.chart.ts';
import type { Column } from './report.columns.ts';

export interface FormOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly chart?: boolean;
}

export interface Sheet<Row> {
  readonly rows: readonly Row[];
  /** The columns for programs, and for people unless `shown` is given. */
  readonly columns: readonly Column<Row>[];
  /** The columns for people. */
  readonly shown?: readonly Column<Row>[];
  /** The title of the chart. */
  readonly title: string;
  bar(row: Row): Bar;
  /** The sentence for an empty report. */
  readonly empty: string;
  /** Whether rows are chronological, so that the last ones are the most important. */
  readonly isChronological?: boolean;
}

/** The maximum number of bars of a readable chart. */
const MAX_BARS = 50;

/**
 * @param warnings reasons for incomplete figures: printed with the figures for people, and to standard error for programs
 */
export async function printSheet<Row>(
  output: Output,
  form: FormOptions,
  sheet: Sheet<Row>,
  warnings: readonly string[],
): Promise<void> {
  if (form.json || form.csv) {
    for (const warning of warnings) {
      output.complain(warning);
    }
    if (form.csv) {
      process.stdout.write(csvOf(sheet));
    }
    output.json(recordsOf(sheet));
    return;
  }
  output.say(sheet.rows.length === 0 ? sheet.empty : form.chart ? await chartOf(sheet) : tableOf(sheet));
  for (const warning of warnings) {
    output.say(warning);
  }
}

/** The rows for programs. */
export function recordsOf<Row>({ rows, columns }: Sheet<Row>): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name, value }) => [name, value(row)])));
}

/**
 * Matches text that a spreadsheet would execute as a formula: https://owasp.org/www-community/attacks/CSV_Injection. A signed number is not
 * a formula.
 */
const FORMULA = /^(?![+-]?\d+(?:\.\d+)?$)[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** CSV according to https://www.rfc-editor.org/rfc/rfc4180, with an apostrophe before text that a spreadsheet would execute. */
export function csvOf<Row>({ rows, columns }: Sheet<Row>): string {
  const fields = columns.map(({ name }) => name);
  const data = rows.map((row) => columns.map(({ value }) => value(row)));
  return `${Papa.unparse([fields, ...data], { newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
}

function tableOf<Row>({ rows, columns: all, shown: columns = all }: Sheet<Row>): string {
  const total = columns.map((column, index) => (index === 0 ? 'total' : column.total(rows)));
  return renderTable(
    columns.map(({ head }) => head),
    rows.map((row) => columns.map((column) => column.cell(row))),
    { total },
  );
}

async function chartOf<Row>({ rows, title, bar, isChronological = false }: Sheet<Row>): Promise<string> {
  const { renderChart } = await importFor('A chart', () => import('./report.chart.ts'));
  const shown = isChronological ? rows.slice(-MAX_BARS) : rows.slice(0, MAX_BARS);
  const left = rows.length - shown.length;
  const rest = `${isChronological ? 'Before these' : 'Below these'}: ${countOf(left, 'more row')}. The table has all rows.`;
  return [renderChart(title, shown.map(bar)), ...(left > 0 ? [rest] : [])].join('\n');
}
