/** The columns of a report, with their format for people, for programs, and in the row of totals. */
import { type Cell, formatNumber, printable } from '../../module.ts';
import { formatAmount, formatInstant, fromCents } from '../../types.ts';
export interface Column<Row> {
  /** The property in JSON, and the header in CSV. */
  readonly name: string;
  /** The header for people. */
  readonly head: string;
  /** The value without separators. Amounts, and numbers that JavaScript cannot represent, are text. */
  value(row: Row): string | number | null;
  cell(row: Row): Cell;
  /** Empty for values that cannot be summed. */
  total(rows: readonly Row[]): Cell;
}

export interface LabelColumn<Row> extends Column<Row> {
  /** The text of the cell. */
  text(row: Row): string;
}

export interface LabelOptions {
  readonly head?: string;
  /** Appended to known values, for people. */
  readonly mark?: (text: string) => string;
  /** Shown to people where the value is unknown. */
  readonly none?: string;
}

const NONE = '(none)';

/** A column with the label of a row. */
export function label<Row>(
  name: string,
  value: (row: Row) => string | number | null,
  { head = name, mark = () => '', none = NONE }: LabelOptions = {},
): LabelColumn<Row> {
  const text = (row: Row) => {
    const known = value(row);
    return known === null ? none : printable(String(known)) + mark(String(known));
  };
  return {
    name,
    head,
    value,
    text,
    // an id is aligned like a number, without separators
    cell: (row) => (typeof value(row) === 'number' ? { figure: text(row) } : text(row)),
    total: () => '',
  };
}

/** A point in time, `null` where it is unknown: to the second for people, in full for programs. */
export function instant<Row>(
  name: string,
  value: (row: Row) => string | null,
  { head = name, none = NONE }: Omit<LabelOptions, 'mark'> = {},
): Column<Row> {
  return { name, head, value, cell: (row) => formatInstant(value(row) ?? none), total: () => '' };
}

/** A whole number, `null` where it is unknown. */
export function count<Row>(
  name: string,
  value: (row: Row) => bigint | number | null,
  { head = name }: { readonly head?: string } = {},
): Column<Row> {
  return {
    name,
    head,
    value: (row) => plain(value(row)),
    cell: (row) => ({ figure: formatCount(value(row)) }),
    total: (rows) => ({ figure: formatNumber(rows.reduce((sum, row) => sum + BigInt(value(row) ?? 0), 0n)) }),
  };
}

/** A position such as a sequence number: without separators and without a total; `null` where it is unknown. */
export function ordinal<Row>(
  name: string,
  value: (row: Row) => number | null,
  { head = name }: { readonly head?: string } = {},
): Column<Row> {
  return { name, head, value, cell: (row) => ({ figure: String(value(row) ?? '–') }), total: () => '' };
}

/** An amount of money in whole cents. */
export function amount<Row>(
  name: string,
  cents: (row: Row) => bigint,
  { head = name, isSummed = true }: { readonly head?: string; readonly isSummed?: boolean } = {},
): Column<Row> {
  return {
    name,
    head,
    value: (row) => fromCents(cents(row)),
    cell: (row) => ({ figure: formatCents(cents(row)) }),
    total: (rows) => (isSummed ? { figure: formatCents(rows.reduce((sum, row) => sum + cents(row), 0n)) } : ''),
  };
}

/** `123456789n` becomes `"1,234,567.89"`. */
export function formatCents(cents: bigint): string {
  return formatAmount(fromCents(cents));
}

function formatCount(value: bigint | number | null): string {
  return value === null ? '–' : formatNumber(value);
}

function plain(value: bigint | number | null): string | number | null {
  if (typeof value !== 'bigint') {
    return value;
  }
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}
