/** Generates text that matches a regular expression, for the patterns in entity rules: `^[A-Z]{3}-\d+$`. */

const ANY = 'a';
const CLASSES: Readonly<Record<string, string>> = { d: '0123456789', w: 'abcdefghijklmnopqrstuvwxyz', s: ' ' };
const FEW = 3;

/** @returns a different text for each number, as far as the pattern allows; `undefined` for an unsupported pattern */
export function matchingText({ source, flags }: RegExp, number: number): string | undefined {
  try {
    const text = new Reader(source, number).alternatives();
    return new RegExp(source, flags.replace(/[gy]/g, '')).test(text) ? text : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) {
      return undefined;
    }
    throw error;
  }
}

class NotUnderstood extends Error {}

/** Parses a pattern from left to right, and generates matching text. */
class Reader {
  readonly #source: string;
  readonly #number: number;
  #at = 0;

  constructor(source: string, number: number) {
    this.#source = source;
    this.#number = number;
  }

  /** The text of the first alternative; the others are skipped. */
  alternatives(): string {
    const first = this.#sequence();
    while (this.#peek() === '|') {
      this.#at++;
      this.#sequence();
    }
    return first;
  }

  #peek(): string | undefined {
    return this.#source[this.#at];
  }

  #sequence(): string {
    let text = '';
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const choices = this.#element();
      const times = this.#quantity();
      for (let time = 0; time < times; time++) {
        // the last element of a repetition depends on the number
        const choice = choices[time === times - 1 ? this.#number % Math.max(choices.length, 1) : 0];
        text += choice ?? '';
      }
    }
    return text;
  }

  /** The texts that one element can match. */
  #element(): readonly string[] {
    const letter = this.#peek() ?? '';
    this.#at++;
    switch (letter) {
      case '^':
      case '$':
        return [];
      case '.':
        return [ANY];
      case '[':
        return this.#set();
      case '\\':
        return this.#escape();
      case '(':
        return [this.#group()];
      default:
        return [letter];
    }
  }

  #escape(): readonly string[] {
    const letter = this.#peek() ?? '';
    this.#at++;
    if (/[bBpPukxcDWS0-9]/.test(letter)) {
      throw new NotUnderstood();
    }
    return [...(CLASSES[letter] ?? letter)];
  }

  #group(): string {
    if (this.#source.startsWith('?:', this.#at)) {
      this.#at += 2;
    } else if (this.#peek() === '?') {
      throw new NotUnderstood();
    }
    const text = this.alternatives();
    this.#at++;
    return text;
  }

  /** `[A-Z0-9_]` */
  #set(): readonly string[] {
    if (this.#peek() === '^') {
      throw new NotUnderstood();
    }
    const letters: string[] = [];
    for (let next = this.#peek(); next !== ']'; next = this.#peek()) {
      if (next === undefined) {
        throw new NotUnderstood();
      }
      this.#at++;
      const first = next === '\\' ? this.#escape() : [next];
      const last = this.#source[this.#at + 1];
      if (first.length === 1 && this.#peek() === '-' && last !== ']' && last !== undefined) {
        this.#at += 2;
        letters.push(...between(first[0] ?? '', last));
      } else {
        letters.push(...first);
      }
    }
    this.#at++;
    return letters;
  }

  #quantity(): number {
    const [all, letter, least] = /^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at)) ?? [];
    this.#at += all?.length ?? 0;
    if (all === undefined) {
      return 1;
    }
    return least === undefined ? (letter === '?' ? 0 : FEW) : Number(least);
  }
}

function between(first: string, last: string): string[] {
  const from = first.charCodeAt(0);
  return Array.from({ length: Math.max(0, last.charCodeAt(0) - from + 1) }, (_, index) =>
    String.fromCharCode(from + index),
  );
}
