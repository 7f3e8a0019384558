/** Reads rows with quotes, including the first row, which determines the line break. */
import { countOf } from '../../shared/text/count.ts';
import { MAX_FIELDS } from './limits.ts';

/** `\n` also matches `\r\n`. */
export type Newline = '\n' | '\r';

/** The notation of rows. */
export interface RowDialect {
  /** A single character. */
  readonly delimiter: string;
  /** A single character; `undefined` if quotes have no special meaning. */
  readonly quote: string | undefined;
  /** Whether to ignore white space around the quotes of a field. */
  readonly trims: boolean;
  /** Prefix of comment lines. */
  readonly comment: string | undefined;
}

export interface Row {
  /** The line on which it starts. */
  readonly line: number;
  readonly fields: string[];
  readonly problem?: string;
  /** In place of fields, if a broken row cannot be split. */
  readonly text?: string;
}

/** Why no further row can be read, as a sentence, with the line. */
export class RowFault extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A quote that is opened and not properly closed, so that the end of its row is unknown. */
export class QuoteFault extends RowFault {}

export const TOO_MANY_FIELDS = `the row has more than ${MAX_FIELDS.toLocaleString('en')} fields; probably its lines end otherwise than the header does.`;

const strayQuote = (quote: string) => `A quote inside a quoted field is not doubled (${quote}${quote})`;
const unclosed = (quote: string) =>
  `a quote is opened here and not properly closed. Close it, or double it (${quote}${quote}) where it belongs to the text.`;

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** A quoted field. */
interface Quoted {
  readonly value: string;
  /** The position after the closing quote and white space: at a separator, a line break or the end. */
  readonly end: number;
  /** Whether a quote in it is neither doubled nor the closing one. */
  readonly isStray: boolean;
}

export class RowReader {
  /** The position of the next row. */
  at = 0;
  /** The line of the next row. */
  line: number;
  newline: Newline | undefined;
  readonly #text: string;
  readonly #isLast: boolean;
  readonly #dialect: RowDialect;
  readonly #delimiterCode: number;
  readonly #quoteCode: number;
  readonly #delimiters: Positions;
  readonly #feeds: Positions;
  readonly #returns: Positions;

  /** @param isLast whether the last row ends with this text */
  constructor(text: string, dialect: RowDialect, newline: Newline | undefined, line: number, isLast: boolean) {
    this.#text = text;
    this.#isLast = isLast;
    this.#dialect = dialect;
    this.#delimiterCode = dialect.delimiter.charCodeAt(0);
    this.#quoteCode = dialect.quote?.charCodeAt(0) ?? -1;
    this.#delimiters = new Positions(text, dialect.delimiter);
    this.#feeds = new Positions(text, '\n');
    this.#returns = new Positions(text, '\r');
    this.newline = newline;
    this.line = line;
  }

  /** @returns the next row; `undefined` if there is no complete one. Throws RowFault */
  next(): Row | undefined {
    if (!this.#skipComments()) {
      return undefined;
    }
    const text = this.#text;
    const fields: string[] = [];
    let hasQuotes = false;
    let strayLine: number | undefined;
    for (let from = this.at; this.at < text.length; ) {
      if (fields.length === MAX_FIELDS) {
        throw new RowFault(this.line, TOO_MANY_FIELDS);
      }
      const open = this.#openingQuote(from);
      const quoted = open === -1 ? undefined : this.#quoted(open);
      if (open !== -1 && quoted === undefined) {
        return undefined;
      }
      const end = quoted?.end ?? Math.min(this.#delimiters.from(from), this.#breakFrom(from));
      if (end === text.length && !this.#isLast) {
        return undefined;
      }
      fields.push(quoted?.value ?? text.slice(from, end));
      hasQuotes ||= quoted !== undefined;
      if (quoted?.isStray) {
        strayLine ??= this.#lineAt(open);
      }
      if (text.charCodeAt(end) === this.#delimiterCode) {
        from = end + 1;
        continue;
      }
      return this.#finish(fields, end, quoted !== undefined, hasQuotes, strayLine);
    }
    return undefined;
  }

  /** @returns whether the text after the comments may be a row */
  #skipComments(): boolean {
    const text = this.#text;
    const { comment } = this.#dialect;
    while (comment !== undefined && this.at < text.length) {
      if (!text.startsWith(comment, this.at)) {
        return this.#isLast || text.length - this.at >= comment.length || !comment.startsWith(text.slice(this.at));
      }
      const end = this.#breakFrom(this.at);
      const isPair = text.charCodeAt(end) === RETURN && text.charCodeAt(end + 1) === LINE_FEED;
      if (!this.#isLast && (end === text.length || (text.charCodeAt(end) === RETURN && end + 1 === text.length))) {
        return false;
      }
      this.at = Math.min(text.length, end + (isPair && this.newline !== '\r' ? 2 : 1));
      this.line++;
    }
    return true;
  }

  /** Ends a row at a line break, or at the end of the text. */
  #finish(
    fields: string[],
    end: number,
    isLastQuoted: boolean,
    hasQuotes: boolean,
    strayLine: number | undefined,
  ): Row | undefined {
    const text = this.#text;
    const isPair = text.charCodeAt(end) === RETURN && text.charCodeAt(end + 1) === LINE_FEED;
    if (this.newline === undefined && end < text.length) {
      if (text.charCodeAt(end) === RETURN && end + 1 === text.length && !this.#isLast) {
        // perhaps the first half of "\r\n"
        return undefined;
      }
      this.newline = text.charCodeAt(end) === LINE_FEED || isPair ? '\n' : '\r';
    }
    const last = fields.length - 1;
    if (!isLastQuoted && this.newline === '\n' && fields[last]?.endsWith('\r')) {
      fields[last] = fields[last].slice(0, -1);
    }
    const lines = hasQuotes ? this.#lineAt(end) - this.line + 1 : 1;
    if (strayLine !== undefined && lines > 1) {
      // the quote may include any number of rows, so nothing after it is read
      throw this.#unclosed(strayLine);
    }
    const row = {
      line: this.line,
      fields,
      ...(strayLine !== undefined && { problem: strayQuote(this.#dialect.quote ?? '') }),
    };
    this.line += lines;
    this.at = end + (isPair && this.newline === '\n' ? 2 : 1);
    return row;
  }

  #unclosed(line: number): QuoteFault {
    return new QuoteFault(line, unclosed(this.#dialect.quote ?? ''));
  }

  /** The position of the quote that starts a field, after white space; -1 if there is none. */
  #openingQuote(from: number): number {
    const at = this.#behindSpace(from);
    return this.#text.charCodeAt(at) === this.#quoteCode ? at : -1;
  }

  /** @returns `undefined` if the text ends before the field does */
  #quoted(open: number): Quoted | undefined {
    const text = this.#text;
    const { quote = '' } = this.#dialect;
    let isDoubled = false;
    let isStray = false;
    for (let from = open + 1; ; ) {
      const close = text.indexOf(quote, from);
      const isBroken = isStray && this.#breakFrom(open) < (close === -1 ? text.length : close);
      if (isBroken || (close === -1 && this.#isLast)) {
        throw this.#unclosed(this.#lineAt(open));
      }
      if (close === -1 || (close + 1 === text.length && !this.#isLast)) {
        return undefined;
      }
      if (text.charCodeAt(close + 1) === this.#quoteCode) {
        isDoubled = true;
        from = close + 2;
        continue;
      }
      const end = this.#behindSpace(close + 1);
      if (end === text.length || text.charCodeAt(end) === this.#delimiterCode || this.#isBreak(text.charCodeAt(end))) {
        const value = text.slice(open + 1, close);
        return { value: isDoubled ? value.replaceAll(quote + quote, quote) : value, end, isStray };
      }
      isStray = true;
      from = close + 1;
    }
  }

  /** Skips white space within a row that is not part of a field. */
  #behindSpace(from: number): number {
    let at = from;
    if (!this.#dialect.trims) {
      const isReturn = this.#text.charCodeAt(at) === RETURN && this.newline === '\n';
      const next = this.#text.charCodeAt(at + 1);
      // the first half of a line break, or possibly so
      return isReturn && (next === LINE_FEED || Number.isNaN(next)) ? at + 1 : at;
    }
    for (;;) {
      const code = this.#text.charCodeAt(at);
      // most fields start with a letter or a digit
      if ((code > 0x20 && code < 0xa0) || code === this.#delimiterCode || this.#isBreak(code) || !isSpace(code)) {
        return at;
      }
      at++;
    }
  }

  #isBreak(code: number): boolean {
    return (code === LINE_FEED && this.newline !== '\r') || (code === RETURN && this.newline !== '\n');
  }

  #breakFrom(from: number): number {
    switch (this.newline) {
      case '\n':
        return this.#feeds.from(from);
      case '\r':
        return this.#returns.from(from);
      default:
        return Math.min(this.#feeds.from(from), this.#returns.from(from));
    }
  }

  #lineAt(at: number): number {
    return this.line + countOf(this.#text.slice(this.at, at), this.newline ?? '\n');
  }
}

/** The positions of a character in a text, from left to right, so that the text is searched once. */
class Positions {
  readonly #text: string;
  readonly #character: string;
  #found = -1;

  constructor(text: string, character: string) {
    this.#text = text;
    this.#character = character;
  }

  /** The first position from `at` on; the length of the text if there is none. */
  from(at: number): number {
    if (this.#found < at) {
      const found = this.#text.indexOf(this.#character, at);
      this.#found = found === -1 ? this.#text.length : found;
    }
    return this.#found;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0xa0 && /\s/.test(String.fromCharCode(code)));
}
