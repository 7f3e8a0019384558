/** Selects the data of a report for its chart. */
import { groupedDigits } from '../../page/module-values.ts';

export type ReportRow = Readonly<Record<string, string | number | null>>;

export interface ChartBar {
  readonly label: string;
  readonly value: number;
  /** The figure as in the table. */
  readonly text: string;
  /** The share of the greatest value, from 0 to 1. */
  readonly share: number;
}

/** The maximum number of bars that can be compared at a glance. */
const MAX_BARS = 20;

/** The columns that charts show, if a report has one of them. */
const FIGURES = ['revenue', 'value'];

/** The bars of a report; none for reports without amounts, and for unknown values. */
export function barsOf(rows: readonly ReportRow[]): readonly ChartBar[] {
  const figure = FIGURES.find((name) => rows[0] !== undefined && name in rows[0]);
  if (figure === undefined) {
    return [];
  }
  const bars = shownOf(
    rows,
    rows.map((row) => ({
      label: labelOf(row),
      value: Number(row[figure] ?? 0),
      text: groupedDigits(String(row[figure] ?? 'unknown')),
    })),
  );
  const most = Math.max(...bars.map(({ value }) => value));
  return bars.map((bar) => ({ ...bar, share: most > 0 ? Math.max(bar.value, 0) / most : 0 }));
}

/** The shown bars: the newest days, or else the greatest values. */
function shownOf<T extends { readonly value: number }>(rows: readonly ReportRow[], bars: readonly T[]): readonly T[] {
  if (bars.length <= MAX_BARS) {
    return bars;
  }
  return areDays(rows) ? bars.slice(-MAX_BARS) : bars.toSorted((a, b) => b.value - a.value).slice(0, MAX_BARS);
}

function areDays([row]: readonly ReportRow[]): boolean {
  return row !== undefined && 'day' in row;
}

/** A sentence about the rows that a chart omits, if it omits any. */
export function leftOutOf(rows: readonly ReportRow[]): string | undefined {
  return rows.length <= MAX_BARS
    ? undefined
    : areDays(rows)
      ? `The chart has the last ${MAX_BARS} of ${rows.length} days.`
      : `The chart has the ${MAX_BARS} greatest of ${rows.length} rows.`;
}

/** Columns with numbers that are not quantities. */
const NUMBERS = ['product', 'epoch', 'seq', 'headSeq'];

/** The display text of a report value. */
export function figureText(column: string, value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return NUMBERS.includes(column) ? text : groupedDigits(text);
}

const TITLES: Readonly<Record<string, string>> = {
  headSeq: 'newest seq',
  parkedEvents: 'dead letters',
  failingEvents: 'retrying',
  heardAt: 'last heard (UTC)',
  occurredAt: 'newest event (UTC)',
};

/** The title of a column that the API names in camel case, such as `unitPrice`. */
export function columnTitle(column: string): string {
  return TITLES[column] ?? column.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const LABELS = ['region', 'day', 'country', 'name', 'product'];

/** The label of a row, made of its names without figures. */
function labelOf(row: ReportRow): string {
  const [first, second] = LABELS.filter((name) => row[name] !== undefined).map((name) => {
    const value = row[name] ?? '(none)';
    return typeof value === 'number' ? `${name} ${value}` : value;
  });
  return [first, second].filter((part) => part !== undefined).join(', ');
}
