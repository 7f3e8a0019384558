/** Makes a table fit into a terminal: the widest columns are narrowed, and what does not fit into a cell goes on in its next line. */
import { wrapAnsi } from 'fast-wrap-ansi';
import widthOf from 'string-width';

/** Words up to this long are kept whole, dates among them. */
const MAX_WHOLE = 10;

/** A column of numbers is not made narrower than this for the sake of its head. */
const MIN_HEAD = 4;

export interface Fitting {
  /** The same cells, with line breaks; the head first. */
  readonly rows: readonly (readonly string[])[];
  /** Spaces on each side of a cell. */
  readonly padding: number;
}

/**
 * Breaks lines so that all columns together fit: between words if that is enough, without the spaces beside the cells if not, and
 * within words at last. Numbers are kept whole, and no character is ever left out, so a terminal may be too narrow even so.
 *
 * @param rows the head first
 * @param isOfNumbers by column
 */
export function fitTable(
  rows: readonly (readonly string[])[],
  isOfNumbers: readonly boolean[],
  terminalColumns: number,
): Fitting {
  const natural = isOfNumbers.map((_, column) => widest(column, rows, /\n/));
  if (sum(natural) + 1 + 3 * natural.length <= terminalColumns) {
    return { rows, padding: 1 };
  }
  const words = isOfNumbers.map((_, column) => Math.min(widest(column, rows, /\s/), MAX_WHOLE));
  const numbers = isOfNumbers.map((isNumber, column) => (isNumber ? widest(column, rows.slice(1), /\n/) : 0));
  const most = (least: (column: number) => number) => numbers.map((width, column) => Math.max(width, least(column)));
  const wholeWords = most((column) => words[column] ?? 0);
  const brokenHeads = most((column) => (isOfNumbers[column] ? MIN_HEAD : (words[column] ?? 0)));
  const attempts = [
    { padding: 1, least: wholeWords },
    { padding: 0, least: wholeWords },
    { padding: 0, least: brokenHeads },
    { padding: 0, least: most(() => 1) },
  ].map(({ padding, least }) => {
    const room = terminalColumns - 1 - natural.length * (1 + 2 * padding);
    return { padding, room, widths: narrow(natural, least, room) };
  });
  const { padding = 1, widths = natural } =
    attempts.find((one) => sum(one.widths) <= one.room) ?? attempts.at(-1) ?? {};
  return {
    rows: rows.map((row) => row.map((cell, column) => wrapAnsi(cell, widths[column] ?? 0, { hard: true }))),
    padding,
  };
}

/** How wide the widest part of a column is. */
function widest(column: number, rows: readonly (readonly string[])[], separator: RegExp): number {
  let most = 0;
  for (const row of rows) {
    for (const text of (row[column] ?? '').split(separator)) {
      most = Math.max(most, widthOf(text));
    }
  }
  return most;
}

/** Takes from the widest one after another, from none more than down to its least width. */
function narrow(natural: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    const widest = widths.reduce(
      (best, width, column) =>
        width > (least[column] ?? 0) && (best === undefined || width > (widths[best] ?? 0)) ? column : best,
      undefined as number | undefined,
    );
    if (widest === undefined) {
      break;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
