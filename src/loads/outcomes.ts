/** A compact encoding of batches: the outcomes of their records, and the accepted primary keys. */
import { parseJson } from '../shared/json/parse.ts';
import type { Outcome } from './ledger.ts';

const LETTERS: Readonly<Record<Outcome, string>> = { inserted: 'i', updated: 'u', unchanged: 's', rejected: 'r' };
const OUTCOMES = new Map(Object.entries(LETTERS).map(([outcome, letter]) => [letter, outcome as Outcome]));

/** Run-length encoding of outcomes in order: the number of equal outcomes and a letter, such as `4998i2r`. */
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

/** An outcome with the number of its record in the source. */
export interface NumberedOutcome {
  readonly number: number;
  readonly outcome: Outcome;
}

/**
 * Encodes outcomes, followed by a space and the record numbers unless these are consecutive, which they are not in a part of a spread
 * source. It stores runs and not single outcomes, since a transaction has many.
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

  /** The number of the first record; 0 if there is none. */
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
 * Encodes ids as an ordered JSON list, in which `[first, last]` is a range of integers. With bigints, the list is wrapped in an object, and
 * contains numbers and text.
 */
export class IdsEncoder {
  readonly #list: unknown[] = [];
  #hasBigints = false;
  /** The range at the end of the list: consecutive integers. */
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

  /** Whether the ids are at most one range. */
  get isOneRun(): boolean {
    return this.#list.length === 0;
  }

  /** Complete; call no `add` afterwards. */
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

/** A bigint for JSON: text if a JavaScript number cannot represent it. */
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
