/** Classifies the notation of values: numbers, dates, text. */
import { canonicalDate, canonicalUuid } from '../../database/stored-values.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { toDate } from '../../shared/time/instant.ts';
import { DECIMAL_COMMA } from '../record/ambiguous-values.ts';
import { dateReader } from '../record/date-format.ts';
import { numberReader } from '../record/number-format.ts';
import { truthOf } from '../record/scalars.ts';
import type { ValueSettings } from '../record/value-settings.ts';

/**
 * - `digits`: an integer with leading zeros, such as a postal code or item number
 * - `comma`: a number with a decimal comma; `points`: also with full stops between its digits
 * - `grouped`: a number whose digits are grouped in another way
 * - `dated`: a date that starts with the day or the month
 * - `local`: a date and a time without a zone
 */
export type Kind =
  | 'whole'
  | 'digits'
  | 'decimal'
  | 'comma'
  | 'points'
  | 'grouped'
  | 'truth'
  | 'date'
  | 'dated'
  | 'local'
  | 'instant'
  | 'uuid'
  | 'list'
  | 'object'
  | 'text';

export interface Reading {
  readonly kind: Kind;
  /** The sort key of values of this kind. */
  readonly sortKey?: number | string;
}

const WHOLE = /^-?\d+$/;
const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LEADING_ZERO = /^-?0\d/;
const GROUPED = /^[+-]?\d{1,3}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3}){2,}|(?:[ \u00a0\u202f'\u2019]\d{3})+(?:[.,]\d+)?)$/;
const DATED = /^\d{1,2}([./-])\d{1,2}\1\d{4}(?!\d)/;
const LOCAL = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;

const TEXT: Reading = { kind: 'text' };

/** @returns a function that classifies a value that is not empty; its text has no surrounding white space */
export function kindReader(settings: ValueSettings): (value: unknown, isNumber: boolean) => Reading {
  const numbers = numberReader(settings);
  const dates = dateReader('date', settings);
  const instants = dateReader('instant', settings);

  function readText(text: string, isNumber: boolean): Reading {
    const first = text.charCodeAt(0);
    const number = isNumber || numbers === undefined ? text : numbers(text);
    if (number !== undefined && DECIMAL.test(number)) {
      return numberOf(number);
    }
    // most texts start with a letter that starts no other kind
    if (first >= 0x67 && first !== 0x74 && first <= 0x7a) {
      return TEXT;
    }
    return dateOf(text, dates, instants) ?? wordOf(text) ?? foreignOf(text) ?? TEXT;
  }

  return (value, isNumber) => {
    if (typeof value === 'string') {
      return readText(value, isNumber);
    }
    if (typeof value === 'number' || typeof value === 'bigint' || value instanceof WrittenNumber) {
      return readText(value instanceof WrittenNumber ? value.text : String(value), true);
    }
    if (typeof value === 'boolean') {
      return { kind: 'truth' };
    }
    return { kind: Array.isArray(value) ? 'list' : 'object' };
  };
}

function numberOf(text: string): Reading {
  const kind = WHOLE.test(text) ? (LEADING_ZERO.test(text) ? 'digits' : 'whole') : 'decimal';
  return { kind, sortKey: Number(text) };
}

type Reader = ReturnType<typeof dateReader>;

function dateOf(text: string, dates: Reader, instants: Reader): Reading | undefined {
  const day = canonicalDate(standard(dates, text) ?? text);
  if (day !== undefined) {
    return { kind: 'date', sortKey: day };
  }
  const time = toDate(standard(instants, text) ?? text);
  if (time !== undefined) {
    return { kind: 'instant', sortKey: time.getTime() };
  }
  return LOCAL.test(text) ? { kind: 'local', sortKey: text.replace(/[Tt]/, ' ') } : undefined;
}

function standard(read: Reader, text: string): string | undefined {
  const found = read?.(text);
  return found !== undefined && 'text' in found ? found.text : undefined;
}

function wordOf(text: string): Reading | undefined {
  if (truthOf(text) !== undefined) {
    return { kind: 'truth' };
  }
  return canonicalUuid(text) === undefined ? undefined : { kind: 'uuid' };
}

/** A number or date that requires a setting. */
function foreignOf(text: string): Reading | undefined {
  if (DATED.test(text)) {
    return { kind: 'dated' };
  }
  if (DECIMAL_COMMA.test(text)) {
    return { kind: text.includes('.') ? 'points' : 'comma' };
  }
  return GROUPED.test(text) ? { kind: 'grouped' } : undefined;
}

/** Orders two readings of the same family; by text if the numbers are equal but have more digits than a JavaScript number. */
export function isBefore(a: Reading, aText: string, b: Reading, bText: string): boolean {
  const [one = 0, other = 0] = [a.sortKey, b.sortKey];
  if (one !== other || aText === bText || a.kind !== 'whole' || b.kind !== 'whole') {
    return one < other;
  }
  return BigInt(aText) < BigInt(bText);
}
