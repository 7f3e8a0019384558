/** What of a report a chart shows. */

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
  const bars = rows.slice(0, MAX_BARS).map((row) => ({
    label: labelOf(row),
    value: Number(row[figure] ?? 0),
    text: String(row[figure] ?? 'unknown'),
  }));
  const most = Math.max(...bars.map(({ value }) => value));
  return bars.map((bar) => ({ ...bar, share: most > 0 ? Math.max(bar.value, 0) / most : 0 }));
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
