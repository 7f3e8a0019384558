/** The compact encoding of a batch: the outcomes of its records, and the accepted primary keys. */
import { parseJson } from '../shared/json/parse.ts';
import type { Outcome } from './ledger.ts';

const LETTERS: Readonly<Record<Outcome, string>> = { inserted: 'i', updated: 'u', unchanged: 's', rejected: 'r' };
const OUTCOMES = new Map(Object.entries(LETTERS).map(([outcome, letter]) => [letter, outcome as Outcome]));

/** Encodes outcomes in order by the lengths of their runs: the number of equal outcomes and a letter, such as `4998i2r`. */
class OutcomesEncoder {
  #text = '';
  #last: Outcome | undefined;
  #length = 0;

  add(outcome: Outcome): void {
    if (outcome !== this.#last) {
      this.#text = this.text;
      this.#last = outcome;
      this.#length = 0;
    }
    this.#length++;
  }

  get text(): string {
    return this.#last === undefined ? this.#text : `${this.#text}${this.#length}${LETTERS[this.#last]}`;
  }
}

/**
 * @throws RangeError for text that {@link NumberedEncoder} did not write
 * @internal exported for tests
 */
export function decodeOutcomes(text: string): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const [run, length, letter] of text.matchAll(/(\d*)(\D)|\d+$/g)) {
    const outcome = OUTCOMES.get(letter ?? '');
    if (outcome === undefined || !length) {
      throw new RangeError(`"${run}" says nothing about outcomes`);
    }
    for (let count = Number(length); count > 0; count--) {
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

/** An outcome, and the number of its record in the source. */
export interface NumberedOutcome {
  readonly number: number;
  readonly outcome: Outcome;
}

/**
 * Encodes outcomes, and after a space the numbers of their records where these are not consecutive, as in a part of a spread source. It
 * holds the runs only, not each outcome: a transaction has many.
 */
export class NumberedEncoder {
  readonly #outcomes = new OutcomesEncoder();
  readonly #numbers = new IdsEncoder();
  #first: number | undefined;

  add(outcome: Outcome, number: number): void {
    this.#first ??= number;
    this.#outcomes.add(outcome);
    this.#numbers.add(number);
  }

  /** The number of the first record; 0 where there is none. */
  get firstNumber(): number {
    return this.#first ?? 0;
  }

  get text(): string {
    return this.#numbers.isOneRun ? this.#outcomes.text : `${this.#outcomes.text} ${this.#numbers.text}`;
  }
}

/** @throws RangeError or SyntaxError for text that {@link NumberedEncoder} did not write */
export function decodeNumbered(text: string, firstNumber: number): NumberedOutcome[] {
  const [outcomes = '', list] = text.split(' ', 2);
  const numbers = list === undefined ? undefined : (decodeIds(list) as number[]);
  return decodeOutcomes(outcomes).map((outcome, index) => ({
    number: numbers?.[index] ?? firstNumber + index,
    outcome,
  }));
}

/**
 * Encodes ids as a JSON list, in order, in which `[first, last]` is a range of whole numbers; bigints, as an object with such a list of
 * numbers and text.
 */
export class IdsEncoder {
  readonly #list: unknown[] = [];
  #hasBigints = false;
  /** The run that the last ids are: whole numbers that each follow the one before. */
  #first: number | undefined;
  #last = 0;

  add(id: unknown): void {
    this.#hasBigints ||= typeof id === 'bigint';
    const plain = typeof id === 'bigint' ? asNumber(id) : id;
    if (this.#first !== undefined && plain === this.#last + 1) {
      this.#last++;
      return;
    }
    this.#endRun();
    if (Number.isSafeInteger(plain)) {
      this.#first = plain as number;
      this.#last = this.#first;
    } else {
      this.#list.push(plain);
    }
  }

  /** Whether they are a single run, or none. */
  get isOneRun(): boolean {
    return this.#list.length === 0;
  }

  /** Nothing can be added afterwards. */
  get text(): string {
    this.#endRun();
    return this.#hasBigints ? `{"bigints":${JSON.stringify(this.#list)}}` : JSON.stringify(this.#list);
  }

  #endRun(): void {
    if (this.#first !== undefined) {
      this.#list.push(this.#first === this.#last ? this.#first : [this.#first, this.#last]);
      this.#first = undefined;
    }
  }
}

/** A bigint as JSON has it: text, where a number of JavaScript's would be another one. */
function asNumber(id: bigint): unknown {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : String(id);
}

export function decodeIds(text: string): unknown[] {
  const read = parseJson(text) as unknown[] | { readonly bigints: unknown[] };
  return Array.isArray(read) ? decodeList(read) : decodeList(read.bigints).map((id) => BigInt(id as number | string));
}

function decodeList(list: readonly unknown[]): unknown[] {
  const ids: unknown[] = [];
  for (const one of list) {
    if (!Array.isArray(one)) {
      ids.push(one);
      continue;
    }
    for (let id = one[0] as number; id <= one[1]; id++) {
      ids.push(id);
    }
  }
  return ids;
}
