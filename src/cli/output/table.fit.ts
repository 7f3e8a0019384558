/** Fits a table into a terminal: the widest columns are narrowed, and cells are wrapped between words. */
import { wrapAnsi } from 'fast-wrap-ansi';
import widthOf from 'string-width';

export interface Fitting {
  /** The cells with line breaks, the header row first. */
  readonly rows: readonly (readonly string[])[];
  /** Spaces on each side of a cell. */
  readonly padding: number;
}

/**
 * Wraps cells so that all columns fit, and removes the padding of cells if necessary. Words and numbers are not broken.
 *
 * @param rows the header row first
 * @param isOfNumbers whether each column has numbers
 * @returns `undefined` if the terminal is too narrow
 */
export function fitTable(
  rows: readonly (readonly string[])[],
  isOfNumbers: readonly boolean[],
  terminalColumns: number,
): Fitting | undefined {
  const natural = isOfNumbers.map((_, column) => widest(column, rows, /\n/));
  if (sum(natural) + 1 + 3 * natural.length <= terminalColumns) {
    return { rows, padding: 1 };
  }
  const least = isOfNumbers.map((isNumber, column) =>
    Math.max(widest(column, rows, /\s/), isNumber ? widest(column, rows.slice(1), /\n/) : 0),
  );
  for (const padding of [1, 0]) {
    const room = terminalColumns - 1 - natural.length * (1 + 2 * padding);
    if (sum(least) <= room) {
      const widths = narrow(natural, least, room);
      return { rows: rows.map((row) => row.map((cell, column) => wrapAnsi(cell, widths[column] ?? 0))), padding };
    }
  }
  return undefined;
}

/** The width of the widest part of a column. */
function widest(column: number, rows: readonly (readonly string[])[], separator: RegExp): number {
  let most = 0;
  for (const row of rows) {
    for (const text of (row[column] ?? '').split(separator)) {
      most = Math.max(most, widthOf(text));
    }
  }
  return most;
}

/** Narrows the widest column repeatedly, but none below its minimum width. */
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
