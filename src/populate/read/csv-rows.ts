/**
 * Splits separated values (RFC 4180), given in pieces, into rows of fields. White space around the quotes of a field is not part of it. The
 * line break that ends the header ends every row; another kind of line break is part of a field.
 *
 * The rows do not depend on the boundaries of the pieces, so that a continued load counts the same records.
 */
import { countOf } from '../../shared/text/count.ts';
import {
  type Newline,
  QuoteFault,
  type Row,
  type RowDialect,
  RowFault,
  RowReader,
  TOO_MANY_FIELDS,
} from './csv-row-reader.ts';
import { MAX_FIELDS, MAX_RECORD_CHARACTERS, tooLong } from './limits.ts';
import { SkippedLines } from './skipped-lines.ts';

/** Number of characters to split at a time, if much text is waiting, so that its rows do not fill the memory. */
const PIECE_CHARACTERS = 16 * 1024;

const TOO_LONG = tooLong('record', 'probably a quote in it is never closed, or its line ends are missing');

interface RowsOptions {
  /** The line of the first row (default: 1). */
  readonly line?: number;
  /** Whether an unclosed quote stops reading, instead of making a broken row. */
  readonly isStrict?: boolean;
  /** The number of fields per row (default: that of the first row). */
  readonly width?: number;
  /** Whether a row may end with an additional empty field. */
  readonly hasTrailing?: boolean;
}

export class Rows {
  readonly #dialect: RowDialect;
  readonly #isStrict: boolean;
  readonly #hasTrailing: boolean;
  /** The allowed numbers of fields; empty before the first row. */
  #widths: readonly number[] = [];
  /** `undefined` until the end of the header. */
  #newline: Newline | undefined;
  /** The line of the next row. */
  #line: number;
  /** The text from the next row on. */
  #rest = '';
  /** The length from which to read the rest again: a row in several pieces is read again only when its text has doubled. */
  #readFrom = 0;
  /** The lines of a broken row, while looking for the next complete one. */
  #skipped: SkippedLines | undefined;
  /** Text after a broken row that is not split yet. */
  #backlog = '';
  #isEnding = false;

  constructor(dialect: RowDialect, { line = 1, isStrict = true, width, hasTrailing = false }: RowsOptions = {}) {
    this.#dialect = dialect;
    this.#line = line;
    this.#isStrict = isStrict;
    this.#hasTrailing = hasTrailing;
    if (width !== undefined) {
      this.#expect(width);
    }
  }

  /** The line break that ends rows. */
  get newline(): Newline {
    return this.#newline ?? '\n';
  }

  /** The line up to which text was read. */
  get line(): number {
    return this.#line + countOf(this.#rest, this.newline);
  }

  /** Whether text is waiting for {@link more}. */
  get hasMore(): boolean {
    return this.#backlog !== '';
  }

  /** Adds the rows that end in this piece to `found`, except blank ones. Throws RowFault after adding the rows before the fault. */
  read(piece: string, found: Row[]): void {
    this.#rest += piece;
    if (this.#rest.length < this.#readFrom && this.#rest.length <= MAX_RECORD_CHARACTERS) {
      return;
    }
    const before = this.#rest.length;
    this.#rows(false, found);
    if (this.#rest.length > MAX_RECORD_CHARACTERS) {
      this.#overflow(found);
    }
    this.#readFrom = this.#rest.length === before ? before * 2 : 0;
  }

  /** The same for a last row without a line break. */
  finish(found: Row[]): void {
    this.#isEnding = true;
    if (this.#backlog === '') {
      this.#end(found);
    }
  }

  /** The same for text after a broken row, in parts. */
  more(found: Row[]): void {
    const piece = this.#backlog.slice(0, PIECE_CHARACTERS);
    this.#backlog = this.#backlog.slice(PIECE_CHARACTERS);
    this.read(piece, found);
    if (this.#isEnding && this.#backlog === '') {
      this.#end(found);
    }
  }

  #end(found: Row[]): void {
    if (this.#rest !== '') {
      this.#rows(true, found);
    }
    if (this.#backlog === '' && this.#skipped !== undefined) {
      found.push(this.#skipped.asRow(undefined));
      this.#skipped = undefined;
    }
  }

  #rows(isLast: boolean, found: Row[]): void {
    if (this.#skipped !== undefined) {
      this.#resume(isLast, found);
      return;
    }
    const { quote } = this.#dialect;
    if (this.#newline === undefined || (quote !== undefined && this.#rest.includes(quote))) {
      this.#quotedRows(isLast, found);
    } else {
      this.#plainRows(this.#newline, isLast, found);
    }
  }

  /** Without quotes, fields are the texts between separators. */
  #plainRows(newline: Newline, isLast: boolean, found: Row[]): void {
    const text = this.#rest;
    const end = isLast ? text.length : text.lastIndexOf(newline);
    if (end === -1) {
      return;
    }
    const { delimiter, comment } = this.#dialect;
    const hasReturns = newline === '\n' && text.includes('\r');
    this.#rest = text.slice(end + 1);
    for (const line of text.slice(0, end).split(newline)) {
      const row = hasReturns && line.endsWith('\r') ? line.slice(0, -1) : line;
      // split() is slower with a limit
      const fields = row.length < MAX_FIELDS ? row.split(delimiter) : row.split(delimiter, MAX_FIELDS + 1);
      const start = this.#line++;
      if (row.length > MAX_RECORD_CHARACTERS) {
        throw new RowFault(start, TOO_LONG);
      }
      if (comment !== undefined && row.startsWith(comment)) {
        continue;
      }
      if (fields.length > MAX_FIELDS) {
        throw new RowFault(start, TOO_MANY_FIELDS);
      }
      if (!isBlank(fields)) {
        found.push({ line: start, fields });
      }
    }
  }

  #quotedRows(isLast: boolean, found: Row[]): void {
    const reader = new RowReader(this.#rest, this.#dialect, this.#newline, this.#line, isLast);
    try {
      for (let row = this.#nextOf(reader); row !== undefined; row = this.#nextOf(reader)) {
        if (!isBlank(row.fields)) {
          found.push(row);
          if (this.#widths.length === 0) {
            this.#expect(row.fields.length);
          }
        }
      }
    } catch (error) {
      if (!(error instanceof QuoteFault) || !this.#canResume) {
        throw error;
      }
      this.#skipped = new SkippedLines(reader.line, this.#widths);
    } finally {
      this.#newline = reader.newline;
      this.#line = reader.line;
      this.#rest = this.#rest.slice(reader.at);
    }
    if (this.#skipped !== undefined) {
      this.#skip(isLast, found);
    }
  }

  #expect(width: number): void {
    this.#widths = this.#hasTrailing ? [width, width + 1] : [width];
  }

  /** Rejects a row that is too long even if it is complete in this piece, so that the result does not depend on the pieces. */
  #nextOf(reader: RowReader): Row | undefined {
    const { at, line } = reader;
    const row = reader.next();
    if (row === undefined || reader.at - at <= MAX_RECORD_CHARACTERS) {
      return row;
    }
    reader.at = at;
    reader.line = line;
    const lineEnd = this.#rest.indexOf(this.newline, at);
    throw lineEnd - at > MAX_RECORD_CHARACTERS ? new RowFault(line, TOO_LONG) : new QuoteFault(line, TOO_LONG);
  }

  /**
   * Resuming requires the header and more than one column, since the number of fields identifies the next row among the lines of a broken
   * one.
   */
  get #canResume(): boolean {
    return !this.#isStrict && (this.#widths[0] ?? 0) > 1;
  }

  #overflow(found: Row[]): void {
    const lineEnd = this.#rest.indexOf(this.newline);
    if (lineEnd === -1 || lineEnd > MAX_RECORD_CHARACTERS || !this.#canResume || this.#skipped !== undefined) {
      throw new RowFault(this.#line, TOO_LONG);
    }
    this.#skipped = new SkippedLines(this.#line, this.#widths);
    this.#skip(false, found);
  }

  /** Skips the first line of a broken row, and the following lines that are not complete rows. */
  #skip(isLast: boolean, found: Row[]): void {
    const end = this.#rest.indexOf(this.newline);
    this.#skipped?.add(end === -1 ? this.#rest : this.#rest.slice(0, end));
    this.#rest = end === -1 ? '' : this.#rest.slice(end + 1);
    this.#line++;
    this.#resume(isLast, found);
  }

  /** Looks for a line that is a complete row, and continues there. */
  #resume(isLast: boolean, found: Row[]): void {
    const skipped = this.#skipped as SkippedLines;
    let from = 0;
    for (;;) {
      const end = this.#rest.indexOf(this.newline, from);
      if ((end === -1 && !isLast) || from >= this.#rest.length) {
        this.#rest = this.#rest.slice(from);
        return;
      }
      const line = this.#rest.slice(from, end === -1 ? undefined : end);
      if (this.#isRow(line)) {
        break;
      }
      skipped.add(line);
      this.#line++;
      from = end === -1 ? this.#rest.length : end + 1;
    }
    found.push(skipped.asRow(this.#line));
    this.#skipped = undefined;
    // the rest may be long, so it is split in parts
    this.#backlog = this.#rest.slice(from) + this.#backlog;
    this.#rest = '';
    this.#isEnding ||= isLast;
  }

  /** Whether a single line is a row with as many fields as the header. */
  #isRow(line: string): boolean {
    if (line.trim() === '') {
      return false;
    }
    try {
      const reader = new RowReader(line, this.#dialect, this.newline, 1, true);
      const row = reader.next();
      return (
        row !== undefined &&
        row.problem === undefined &&
        reader.at >= line.length &&
        this.#widths.includes(row.fields.length)
      );
    } catch {
      return false;
    }
  }
}

function isBlank(fields: readonly string[]): boolean {
  return fields.length === 1 && fields[0]?.trim() === '';
}
