/**
 * Patterns of dates and times, with the letters of Unicode (UTS 35): `dd.MM.yyyy HH:mm`. A single letter, such as `d`, matches one or two
 * digits; `MMM` and `MMMM` match English month names; years with two digits (`yy`) from 69 to 99 mean 1969 to 1999, as in POSIX. Text in
 * single quotes, and characters that are no letters, match themselves.
 */

/** A date, with a time of day if the pattern has one. */
export interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The digits after the second. */
  readonly fraction: string;
  /** In ISO 8601; `undefined` if the text contains none. */
  readonly zone: string | undefined;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Lower-case name -> month, from 1. */
const MONTH_NUMBERS: ReadonlyMap<string, number> = new Map([
  ...MONTHS.flatMap((name, index) => [name, name.slice(0, 3)].map((one) => [one.toLowerCase(), index + 1] as const)),
  ['sept', 9],
]);

/** The first two-digit year that belongs to the last century. */
const FIRST_OF_LAST_CENTURY = 69;

const FIELDS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  yy: '(?<year>\\d{2})',
  MMMM: '(?<month>[A-Za-z]{3,9})',
  MMM: '(?<month>[A-Za-z]{3,4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  hh: '(?<hour>\\d{2})',
  h: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  m: '(?<minute>\\d{1,2})',
  ss: '(?<second>\\d{2})',
  s: '(?<second>\\d{1,2})',
  SSS: '(?<fraction>\\d{1,9})',
  a: '(?<half>[AaPp][Mm])',
  XXX: '(?<zone>Z|[+-]\\d{2}:?\\d{2})',
};

const TOKEN = /'([^']*)'|([A-Za-z])\2*|[^A-Za-z']/g;

export function isDatePattern(pattern: string): boolean {
  return readerOf(pattern) !== undefined;
}

/** @returns a function that reads text with the pattern; `undefined` for a pattern without a complete date, or with unknown letters */
export function readerOf(pattern: string): ((text: string) => Clock | undefined) | undefined {
  const expression = expressionOf(pattern);
  if (expression === undefined) {
    return undefined;
  }
  const isHalfDay = /h/.test(pattern);
  return (text) => {
    const found = expression.exec(text)?.groups;
    return found === undefined ? undefined : clockOf(found, isHalfDay);
  };
}

function expressionOf(pattern: string): RegExp | undefined {
  const tokens = [...pattern.matchAll(TOKEN)];
  if (tokens.map(([token]) => token).join('') !== pattern) {
    return undefined;
  }
  const parts = tokens.map(([token, literal]) =>
    literal === undefined && /^[A-Za-z]/.test(token) ? FIELDS[token] : escaped(literal ?? token),
  );
  const source = parts.join('');
  const isWhole = ['year', 'month', 'day'].every((name) => source.split(`<${name}>`).length === 2);
  // twelve-hour time requires AM or PM, and 24-hour time excludes it
  const isClear = /<half>/.test(source) === /h/.test(pattern) && !(/h/.test(pattern) && /H/.test(pattern));
  try {
    return parts.includes(undefined) || !isWhole || !isClear ? undefined : new RegExp(`^${source}$`);
  } catch {
    // a field occurs twice
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&').replace(/\s+/g, '\\s+');
}

function clockOf(found: Readonly<Record<string, string | undefined>>, isHalfDay: boolean): Clock | undefined {
  const number = (name: string) => Number(found[name] ?? 0);
  const hour = isHalfDay ? hourOf(number('hour'), found['half']) : number('hour');
  const clock = {
    year: yearOf(found['year'] ?? ''),
    month: MONTH_NUMBERS.get(found['month']?.toLowerCase() ?? '') ?? number('month'),
    day: number('day'),
    hour: hour ?? 24,
    minute: number('minute'),
    second: number('second'),
    fraction: found['fraction'] ?? '',
    zone: found['zone'],
  };
  return isClock(clock) ? clock : undefined;
}

function yearOf(digits: string): number {
  const year = Number(digits);
  return digits.length > 2 ? year : year + (year < FIRST_OF_LAST_CENTURY ? 2000 : 1900);
}

/** Twelve is the first hour of each half of the day. */
function hourOf(hour: number, half: string | undefined): number | undefined {
  return hour < 1 || hour > 12 ? undefined : (hour % 12) + (half?.toLowerCase() === 'pm' ? 12 : 0);
}

/** Whether the day and the time are valid. */
export function isClock({ year, month, day, hour, minute, second }: Clock): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
}
