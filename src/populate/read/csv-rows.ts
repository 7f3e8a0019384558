/**
 * Splits separated values (RFC 4180), given in pieces, into rows of fields. White space around the quotes of a field is not part
 * of it. The line break that ends the header ends every row; the other one is part of a field.
 */
import { countOf } from '../../shared/text/count.ts';
import { type Delimiter, type Newline, type Row, RowFault, RowReader, TOO_MANY_FIELDS } from './csv-row-reader.ts';
import { MAX_FIELDS, MAX_RECORD_CHARACTERS, tooLong } from './limits.ts';

export class Rows {
  readonly #delimiter: Delimiter;
  /** `undefined` up to the end of the header. */
  #newline: Newline | undefined;
  /** The line on which the next row starts. */
  #line = 1;
  /** The text from there on. */
  #rest = '';
  /** A row of several pieces is read again only when its text has doubled. */
  #readFrom = 0;

  constructor(delimiter: Delimiter) {
    this.#delimiter = delimiter;
  }

  /** The line break that ends rows. */
  get newline(): Newline {
    return this.#newline ?? '\n';
  }

  /** The line that the text has reached. */
  get line(): number {
    return this.#line + countOf(this.#rest, this.newline);
  }

  /** Adds the rows that end in this piece, but for blank ones, to `found`. Throws RowFault when it has added those before it. */
  read(piece: string, found: Row[]): void {
    this.#rest += piece;
    if (this.#rest.length < this.#readFrom && this.#rest.length <= MAX_RECORD_CHARACTERS) {
      return;
    }
    const before = this.#rest.length;
    this.#rows(false, found);
    if (this.#rest.length > MAX_RECORD_CHARACTERS) {
      throw new RowFault(
        this.#line,
        tooLong('record', 'probably a quote in it is never closed, or its line ends are missing'),
      );
    }
    this.#readFrom = this.#rest.length === before ? before * 2 : 0;
  }

  /** The same for a last row without a line break. */
  finish(found: Row[]): void {
    if (this.#rest !== '') {
      this.#rows(true, found);
    }
  }

  #rows(isLast: boolean, found: Row[]): void {
    if (this.#newline === undefined || this.#rest.includes('"')) {
      this.#quotedRows(isLast, found);
    } else {
      this.#plainRows(this.#newline, isLast, found);
    }
  }

  /** Without a quote, a field is the text between two separators. */
  #plainRows(newline: Newline, isLast: boolean, found: Row[]): void {
    const text = this.#rest;
    const end = isLast ? text.length : text.lastIndexOf(newline);
    if (end === -1) {
      return;
    }
    const hasReturns = newline === '\n' && text.includes('\r');
    this.#rest = text.slice(end + 1);
    for (const line of text.slice(0, end).split(newline)) {
      const row = hasReturns && line.endsWith('\r') ? line.slice(0, -1) : line;
      // split() is slower with a limit
      const fields = row.length < MAX_FIELDS ? row.split(this.#delimiter) : row.split(this.#delimiter, MAX_FIELDS + 1);
      const start = this.#line++;
      if (fields.length > MAX_FIELDS) {
        throw new RowFault(start, TOO_MANY_FIELDS);
      }
      if (!isBlank(fields)) {
        found.push({ line: start, fields });
      }
    }
  }

  #quotedRows(isLast: boolean, found: Row[]): void {
    const reader = new RowReader(this.#rest, this.#delimiter, this.#newline, this.#line, isLast);
    try {
      for (let row = reader.next(); row !== undefined; row = reader.next()) {
        if (!isBlank(row.fields)) {
          found.push(row);
        }
      }
    } finally {
      this.#newline = reader.newline;
      this.#line = reader.line;
      this.#rest = this.#rest.slice(reader.at);
    }
  }
}

function isBlank(fields: readonly string[]): boolean {
  return fields.length === 1 && fields[0]?.trim() === '';
}
