/** The compact encoding of a batch: the outcomes of its records, and the accepted primary keys. */
import { parseJson } from '../shared/json/parse.ts';
import type { Outcome } from './ledger.ts';

const LETTERS: Readonly<Record<Outcome, string>> = { inserted: 'i', updated: 'u', unchanged: 's', rejected: 'r' };
const OUTCOMES = new Map(Object.entries(LETTERS).map(([outcome, letter]) => [letter, outcome as Outcome]));

/**
 * In order, run-length encoded: the number of equal outcomes and a letter, such as `4998i2r`.
 *
 * @internal exported for tests
 */
export function encodeOutcomes(outcomes: readonly Outcome[]): string {
  let text = '';
  for (let from = 0, to = 0; from < outcomes.length; from = to) {
    while (to < outcomes.length && outcomes[to] === outcomes[from]) {
      to++;
    }
    text += `${to - from}${LETTERS[outcomes[from] as Outcome]}`;
  }
  return text;
}

/**
 * @throws RangeError for text that {@link encodeOutcomes} did not write
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

/** Outcomes, and after a space the numbers of their records where these are not consecutive, as in a part of a spread source. */
export function encodeNumbered(outcomes: readonly Outcome[], numbers: readonly number[]): string {
  const text = encodeOutcomes(outcomes);
  const isDense = numbers.every((number, index) => number === (numbers[0] ?? 0) + index);
  return isDense ? text : `${text} ${encodeIds(numbers)}`;
}

/** @throws RangeError or SyntaxError for text that {@link encodeNumbered} did not write */
export function decodeNumbered(text: string, firstNumber: number): NumberedOutcome[] {
  const [outcomes = '', list] = text.split(' ', 2);
  const numbers = list === undefined ? undefined : (decodeIds(list) as number[]);
  return decodeOutcomes(outcomes).map((outcome, index) => ({
    number: numbers?.[index] ?? firstNumber + index,
    outcome,
  }));
}

/** A JSON list, in order, in which `[first, last]` is a range of whole numbers; of bigints, an object with such a list of numbers and text. */
export function encodeIds(ids: readonly unknown[]): string {
  return ids.some((id) => typeof id === 'bigint') ? `{"bigints":${encodeList(ids.map(asNumber))}}` : encodeList(ids);
}

function asNumber(id: unknown): unknown {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : String(id);
}

function encodeList(ids: readonly unknown[]): string {
  const list: unknown[] = [];
  for (let from = 0, to = 0; from < ids.length; from = to) {
    const first = ids[from];
    to = from + 1;
    while (Number.isSafeInteger(first) && to < ids.length && ids[to] === (first as number) + to - from) {
      to++;
    }
    list.push(to - from > 1 ? [first, ids[to - 1]] : first);
  }
  return JSON.stringify(list);
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
