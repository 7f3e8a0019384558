/** The lines of a row with an improperly closed quote, up to the next line that is a complete row. */
import type { Row } from './csv-row-reader.ts';
import { RowFault } from './csv-row-reader.ts';

/** With more lines, a large part of the file would be lost, and more than one row is probably broken. */
const MAX_LINES = 1000;

/** Maximum number of characters that a reject contains. */
const KEPT_CHARACTERS = 10_000;

export class SkippedLines {
  readonly #line: number;
  readonly #widths: readonly number[];
  #lines = 0;
  #text = '';

  /** @param line the first line @param widths allowed numbers of fields of a row */
  constructor(line: number, widths: readonly number[]) {
    this.#line = line;
    this.#widths = widths;
  }

  /** Throws RowFault if there are too many. */
  add(line: string): void {
    if (this.#lines === MAX_LINES) {
      throw new RowFault(
        this.#line,
        `a quote is opened here and not properly closed, and none of the next ${MAX_LINES.toLocaleString('en')} lines is a row with ${this.#fields}. Close the quote, or double it where it belongs to the text.`,
      );
    }
    this.#lines++;
    if (this.#text.length < KEPT_CHARACTERS) {
      this.#text += (this.#lines === 1 ? '' : '\n') + line.slice(0, KEPT_CHARACTERS);
    }
  }

  /** @param next the line at which reading continues; `undefined` at the end */
  asRow(next: number | undefined): Row {
    const last = this.#line + this.#lines - 1;
    const skipped = this.#lines === 1 ? '' : `; lines ${this.#line} to ${last} are skipped`;
    const where = next === undefined ? 'the text ends before it is' : `line ${next} is the next with ${this.#fields}`;
    return {
      line: this.#line,
      fields: [],
      text: this.#text,
      problem: `A quote is opened in this row and not properly closed${skipped}, and ${where}`,
    };
  }

  get #fields(): string {
    const [width = 0] = this.#widths;
    return `${width} fields`;
  }
}
