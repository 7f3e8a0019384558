/**
 * Scans JSON text: explains a syntax error in plain words, and finds what `JSON.parse` does not report, a key that occurs twice in one
 * object. Time is linear in the text, and memory is limited.
 */
import { codePointOf, quoted } from '../text/visible.ts';

export interface JsonLimits {
  /** Nesting depth of objects and arrays. */
  readonly maxDepth: number;
  /** Total number of keys and array elements. */
  readonly maxValues: number;
}

export type JsonScan =
  | { readonly kind: 'valid'; readonly repeatedKey: string | undefined }
  /** `at` is the index of the character that is wrong, `reason` a clause such as `a comma is missing`. */
  | { readonly kind: 'broken'; readonly at: number; readonly reason: string }
  | { readonly kind: 'tooDeep' }
  | { readonly kind: 'tooMany' };

/** The token that may come next. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end';

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const INCOMPLETE = 'it ends before it is complete';

/**
 * Finds out whether text is JSON within limits, where it breaks, and whether a key occurs twice in an object.
 *
 * @param limits of depth and of size
 */
export function scanJson(text: string, limits: JsonLimits): JsonScan {
  return new Scanner(text, limits).scan();
}

class Scanner {
  readonly #text: string;
  readonly #limits: JsonLimits;
  /** The keys of each open object so far; `undefined` for an open array. */
  readonly #open: (Set<string> | undefined)[] = [];
  #at = 0;
  #values = 0;
  #expected: Expected = 'value';
  #repeatedKey: string | undefined;
  /** Why the scan ended early. Throwing it would cost more than the rest of the scan of a short text. */
  #stopped: JsonScan | undefined;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  scan(): JsonScan {
    for (this.#skipSpace(); this.#at < this.#text.length; this.#skipSpace()) {
      this.#token(this.#text.charCodeAt(this.#at));
    }
    if (this.#open.length > 0 || this.#expected !== 'comma or end') {
      this.#break(INCOMPLETE);
    }
    return this.#stopped ?? { kind: 'valid', repeatedKey: this.#repeatedKey };
  }

  #token(code: number): void {
    switch (this.#expected) {
      case 'colon':
        this.#step(code === COLON, 'value', 'a colon is expected after the key');
        break;
      case 'comma or end':
        this.#next(code);
        break;
      case 'key or }':
      case 'key':
        if (code === CLOSE_OBJECT && this.#expected === 'key or }') {
          this.#close();
        } else {
          this.#key(code);
        }
        break;
      default:
        if (code === CLOSE_ARRAY && this.#expected === 'value or ]') {
          this.#close();
        } else {
          this.#value(code);
        }
    }
  }

  #next(code: number): void {
    if (this.#open.length === 0) {
      this.#break(`${this.#shown()} follows the value`);
      return;
    }
    const isObject = this.#open.at(-1) !== undefined;
    if (code === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
      this.#close();
    } else {
      this.#step(code === COMMA, isObject ? 'key' : 'value', `a comma or ${isObject ? '}' : ']'} is expected`);
    }
  }

  #step(isRight: boolean, next: Expected, what: string): void {
    if (isRight) {
      this.#at++;
      this.#expected = next;
    } else {
      this.#break(`${what}, not ${this.#shown()}`);
    }
  }

  #value(code: number): void {
    this.#values++;
    if (this.#values > this.#limits.maxValues) {
      this.#stop({ kind: 'tooMany' });
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      this.#begin(code);
    } else {
      this.#scalar(code);
      this.#expected = 'comma or end';
    }
  }

  #begin(code: number): void {
    if (this.#open.length === this.#limits.maxDepth) {
      this.#stop({ kind: 'tooDeep' });
      return;
    }
    this.#open.push(code === OPEN_OBJECT ? new Set() : undefined);
    this.#at++;
    this.#expected = code === OPEN_OBJECT ? 'key or }' : 'value or ]';
  }

  #scalar(code: number): void {
    if (code === QUOTE) {
      this.#string();
    } else if (code === MINUS || isDigit(code)) {
      this.#number();
    } else if (!this.#word('true') && !this.#word('false') && !this.#word('null')) {
      this.#break(this.#noValue(code));
    }
  }

  #key(code: number): void {
    if (code !== QUOTE) {
      this.#break(
        code === CLOSE_OBJECT
          ? 'there is a comma before }'
          : `a key in double quotes is expected, not ${this.#shown()}`,
      );
      return;
    }
    const key = this.#string();
    const keys = this.#open.at(-1);
    this.#repeatedKey ??= keys?.has(key) ? key : undefined;
    keys?.add(key);
    this.#expected = 'colon';
  }

  #close(): void {
    this.#open.pop();
    this.#at++;
    this.#expected = 'comma or end';
  }

  #word(word: string): boolean {
    const isThere = this.#text.startsWith(word, this.#at);
    this.#at += isThere ? word.length : 0;
    return isThere;
  }

  /** Consumes a string and returns its value. */
  #string(): string {
    const start = this.#at;
    let hasEscapes = false;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) {
        this.#at++;
        const raw = this.#text.slice(start + 1, this.#at - 1);
        return hasEscapes ? (JSON.parse(`"${raw}"`) as string) : raw;
      }
      if (code === BACKSLASH) {
        hasEscapes = true;
        this.#escape();
      } else if (code < 0x20) {
        this.#break(
          `${code === 0x0a ? 'a line break' : code === 0x09 ? 'a tab' : this.#shown()} within quotes has to be written as ${JSON.stringify(String.fromCharCode(code)).slice(1, -1)}`,
        );
      }
    }
    this.#at = start;
    this.#break('the quote that opens here is never closed');
    return '';
  }

  /** Consumes all but the last character of an escape. */
  #escape(): void {
    const [sequence] = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y.exec(this.#text.slice(this.#at, this.#at + 6)) ?? [];
    if (sequence !== undefined) {
      this.#at += sequence.length - 1;
    } else if (this.#at + 1 === this.#text.length) {
      this.#break(INCOMPLETE);
    } else {
      this.#break(`${quoted(this.#text.slice(this.#at, this.#at + 2))} is not an escape of JSON`);
    }
  }

  #number(): void {
    this.#at += this.#text.charCodeAt(this.#at) === MINUS ? 1 : 0;
    const hasLeadingZero = this.#text.charCodeAt(this.#at) === ZERO;
    const digits = this.#digits();
    if (hasLeadingZero && digits > 1) {
      this.#break('a number cannot begin with 0');
    }
    if (this.#text.charCodeAt(this.#at) === POINT) {
      this.#at++;
      this.#digits();
    }
    if (/[eE]/.test(this.#text.charAt(this.#at))) {
      this.#at++;
      this.#at += /[+-]/.test(this.#text.charAt(this.#at)) ? 1 : 0;
      this.#digits();
    }
  }

  #digits(): number {
    const start = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at))) {
      this.#at++;
    }
    if (this.#at === start) {
      this.#break(this.#at === this.#text.length ? INCOMPLETE : 'digits are missing in a number');
    }
    return this.#at - start;
  }

  #noValue(code: number): string {
    switch (code) {
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        return `a value is missing before ${String.fromCharCode(code)}`;
      case COMMA:
        return 'a value is missing before the comma';
      case PLUS:
      case POINT:
        return `a number cannot begin with ${String.fromCharCode(code)}`;
      case SLASH:
        return 'JSON has no comments';
      default:
        return `${this.#shown()} is not a JSON value`;
    }
  }

  /** The word, or else the character, at the current position. */
  #shown(): string {
    const rest = this.#text.slice(this.#at, this.#at + 80);
    const [word] = /^[\p{L}\p{N}_$.+-]+/u.exec(rest) ?? [];
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    return word !== undefined
      ? quoted(word)
      : /^[\p{P}\p{S}]$/u.test(character)
        ? `the character ${character}`
        : `the character ${codePointOf(character)}`;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
        return;
      }
      this.#at++;
    }
  }

  #break(reason: string): void {
    this.#stop({ kind: 'broken', at: this.#at, reason });
  }

  /** Only the first reason counts; later calls are ignored. */
  #stop(result: JsonScan): void {
    this.#stopped ??= result;
    this.#at = this.#text.length;
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
