/** What of a report a chart shows. */
import { groupedDigits } from '../../page/module-values.ts';

export type ReportRow = Readonly<Record<string, string | number | null>>;

export interface ChartBar {
  readonly label: string;
  readonly value: number;
  /** As the table has it. */
  readonly text: string;
  /** From 0 to 1, of the greatest. */
  readonly share: number;
}

/** Bars that can still be compared at one sight. */
const MAX_BARS = 20;

/** The figure that a chart of a report shows, if it shows one. */
const FIGURES = ['revenue', 'value'];

/** Nothing for reports without money, and for values that are not known. */
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

/** Of many days the newest, of others the greatest. */
function shownOf<T extends { readonly value: number }>(rows: readonly ReportRow[], bars: readonly T[]): readonly T[] {
  if (bars.length <= MAX_BARS) {
    return bars;
  }
  return areDays(rows) ? bars.slice(-MAX_BARS) : bars.toSorted((a, b) => b.value - a.value).slice(0, MAX_BARS);
}

function areDays([row]: readonly ReportRow[]): boolean {
  return row !== undefined && 'day' in row;
}

/** What a chart leaves out, if it does. */
export function leftOutOf(rows: readonly ReportRow[]): string | undefined {
  return rows.length <= MAX_BARS
    ? undefined
    : areDays(rows)
      ? `The chart has the last ${MAX_BARS} of ${rows.length} days.`
      : `The chart has the ${MAX_BARS} greatest of ${rows.length} rows.`;
}

/** Columns of numbers that count nothing. */
const NUMBERS = ['product', 'epoch', 'seq', 'headSeq'];

/** A value of a report as a person writes it. */
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

/** The name of a column, which the API has as `unitPrice`. */
export function columnTitle(column: string): string {
  return TITLES[column] ?? column.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const LABELS = ['region', 'day', 'country', 'name', 'product'];

/** The names in a row, without its figures. */
function labelOf(row: ReportRow): string {
  const [first, second] = LABELS.filter((name) => row[name] !== undefined).map((name) => {
    const value = row[name] ?? '(none)';
    return typeof value === 'number' ? `${name} ${value}` : value;
  });
  return [first, second].filter((part) => part !== undefined).join(', ');
}
