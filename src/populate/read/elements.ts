/** Splits a JSON array, given in pieces, into the texts of its elements without parsing them. */
import { countOf } from '../../shared/text/count.ts';
import { MAX_DEPTH, MAX_RECORD_CHARACTERS, tooLong } from './limits.ts';

export interface Element {
  /** The line of its first character. */
  readonly line: number;
  /** `undefined` for an element that is nested too deeply. */
  readonly text: string | undefined;
}

/** Why an array cannot be read further, as a sentence, with the line. */
export class ArrayFault extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export function brokenJson(line: number, reason: string): ArrayFault {
  return new ArrayFault(line, `the JSON is broken (${reason}).`);
}

/** An incomplete element. */
interface Current {
  readonly isScalar: boolean;
  readonly line: number;
  readonly pieces: string[];
  length: number;
}

/** What is expected between elements: the bracket, an element or the end, an element, a comma or the end, nothing. */
type State = 'bracket' | 'first' | 'element' | 'comma' | 'nothing';

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export class ArrayElements {
  /** The current line, from 1. */
  line = 1;
  #state: State = 'bracket';
  #current: Current | undefined;
  /** Number of open objects and arrays in the current element. */
  #depth = 0;
  #isTooDeep = false;
  #isInString = false;
  /** Whether the previous piece ended with a backslash that escapes the next character. */
  #isEscaped = false;

  /** Whether the array was closed. */
  get isDone(): boolean {
    return this.#state === 'nothing';
  }

  /** Passes each element that ends in this piece to `take`. Throws ArrayFault, after the elements before the fault. */
  read(piece: string, take: (element: Element) => void): void {
    for (let at = 0; at < piece.length; ) {
      const start = this.#current === undefined ? this.#between(piece, at) : at;
      if (this.#current === undefined) {
        return;
      }
      const end = this.#current.isScalar ? scalarEnd(piece, start) : this.#end(piece, start);
      this.#keep(this.#current, piece.slice(start, end));
      if (end === undefined) {
        return;
      }
      take({ line: this.#current.line, text: this.#isTooDeep ? undefined : this.#current.pieces.join('') });
      this.#current = undefined;
      at = end;
    }
  }

  /** Skips the text between elements. @returns the start of an element, or the end of the piece */
  #between(piece: string, from: number): number {
    for (let at = from; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === LINE_FEED) {
        this.line++;
      } else if (code !== 0x20 && code !== 0x0d && code !== 0x09 && this.#begins(code, piece, at)) {
        return at;
      }
    }
    return piece.length;
  }

  /** Processes a character between elements. @returns whether it starts one */
  #begins(code: number, piece: string, at: number): boolean {
    const shown = () => `"${String.fromCodePoint(piece.codePointAt(at) ?? 0)}"`;
    switch (this.#state) {
      case 'bracket':
        // the caller has checked the bracket
        this.#state = 'first';
        return false;
      case 'comma':
        if (code !== COMMA && code !== CLOSE_ARRAY) {
          throw brokenJson(this.line, `a comma or "]" is expected after an element, not ${shown()}`);
        }
        this.#state = code === COMMA ? 'element' : 'nothing';
        return false;
      case 'nothing':
        throw brokenJson(this.line, `${shown()} follows the array`);
      default:
        if (code === CLOSE_ARRAY && this.#state === 'first') {
          this.#state = 'nothing';
          return false;
        }
        if (code === COMMA || code === CLOSE_ARRAY) {
          throw brokenJson(this.line, `an element is missing before ${shown()}`);
        }
        this.#begin(code);
        return true;
    }
  }

  #begin(code: number): void {
    const isScalar = code !== OPEN_OBJECT && code !== OPEN_ARRAY && code !== QUOTE;
    this.#current = { isScalar, line: this.line, pieces: [], length: 0 };
    this.#depth = 0;
    this.#isTooDeep = false;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#state = 'comma';
  }

  /** @returns the end of the object, array or string; `undefined` if it is not in this piece */
  #end(piece: string, start: number): number | undefined {
    let at = start;
    for (;;) {
      if (this.#isInString) {
        at = this.#stringEnd(piece, at);
        if (this.#isInString) {
          return undefined;
        }
        if (this.#depth === 0) {
          return at;
        }
      }
      if (at >= piece.length) {
        return undefined;
      }
      const code = piece.charCodeAt(at);
      at++;
      if (code === QUOTE) {
        this.#isInString = true;
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        this.#depth++;
        this.#isTooDeep ||= this.#depth > MAX_DEPTH;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        this.#depth--;
        if (this.#depth === 0) {
          return at;
        }
      }
    }
  }

  /** Advances from within a string to its end, or to the end of the piece. */
  #stringEnd(piece: string, start: number): number {
    for (let from = start; ; ) {
      const quote = piece.indexOf('"', from);
      const end = quote === -1 ? piece.length : quote;
      let before = end;
      while (before > from && piece.charCodeAt(before - 1) === BACKSLASH) {
        before--;
      }
      const isFirst = before === from && this.#isEscaped;
      const isEscaped = (end - before + (isFirst ? 1 : 0)) % 2 === 1;
      this.#isEscaped = quote === -1 && isEscaped;
      if (quote === -1) {
        return end;
      }
      if (!isEscaped) {
        this.#isInString = false;
        return quote + 1;
      }
      from = quote + 1;
    }
  }

  #keep(current: Current, piece: string): void {
    this.line += countOf(piece, '\n');
    current.length += this.#isTooDeep ? 0 : piece.length;
    if (current.length > MAX_RECORD_CHARACTERS) {
      throw new ArrayFault(current.line, tooLong('element', 'probably a quote or a bracket in it is never closed'));
    }
    if (this.#isTooDeep) {
      current.pieces.length = 0;
    } else {
      current.pieces.push(piece);
    }
  }
}

/** @returns the end of a number or word; `undefined` if it is not in this piece */
function scalarEnd(piece: string, start: number): number | undefined {
  for (let at = start; at < piece.length; at++) {
    const code = piece.charCodeAt(at);
    if (code <= 0x20 || code === COMMA || code === CLOSE_ARRAY) {
      return at;
    }
  }
  return undefined;
}
