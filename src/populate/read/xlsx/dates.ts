/** Dates and times in a workbook: numbers of days, which a cell's format turns into dates. */

/** The meaning of a cell's number, by its format. */
export type NumberKind = 'number' | 'date' | 'time' | 'date and time' | 'duration';

/** The built-in formats, by number. */
const BUILT_IN: ReadonlyMap<number, NumberKind> = new Map([
  ...numbered([14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58], 'date'),
  ...numbered([18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56], 'time'),
  ...numbered([22], 'date and time'),
  ...numbered([46], 'duration'),
]);

const DAY_MILLISECONDS = 86_400_000;

/** The day that Excel treats as 29 February 1900, which did not exist. */
const NO_DAY = 60;

function numbered(numbers: readonly number[], kind: NumberKind): [number, NumberKind][] {
  return numbers.map((number) => [number, kind]);
}

/** @param code the code of a format that is not built in */
export function kindOfFormat(number: number, code: string | undefined): NumberKind {
  return code === undefined ? (BUILT_IN.get(number) ?? 'number') : kindOfCode(code);
}

function kindOfCode(code: string): NumberKind {
  // the first section applies to positive numbers; texts, escaped characters and colours are irrelevant
  const [section = ''] = code.replace(/"[^"]*"|[\\_*]./g, '').split(';');
  if (/\[(?:h+|m+|s+)\]/i.test(section)) {
    return 'duration';
  }
  const letters = section.replace(/\[[^\]]*\]/g, '').replace(/general/gi, '');
  const hasTime = /[hs]|am\/pm|a\/p/i.test(letters);
  // a month, unless there are hours or seconds
  const hasDate = /[ydge]|mmm/i.test(letters.replace(/am\/pm|a\/p|e[+-]/gi, '')) || (!hasTime && /m/i.test(letters));
  return hasDate ? (hasTime ? 'date and time' : 'date') : hasTime ? 'time' : 'number';
}

/**
 * Converts a number of days to a date or time in ISO 8601, to the millisecond, without a zone.
 *
 * @param is1904 whether the workbook counts from 1904
 * @returns `undefined` for an invalid number
 */
export function dateText(days: number, kind: Exclude<NumberKind, 'number'>, is1904: boolean): string | undefined {
  const milliseconds = Math.round(days * DAY_MILLISECONDS);
  if (milliseconds < 0) {
    return undefined;
  }
  const day = Math.floor(milliseconds / DAY_MILLISECONDS);
  const time = milliseconds % DAY_MILLISECONDS;
  if (kind === 'duration') {
    return clock(milliseconds);
  }
  if (kind === 'time' && day === 0) {
    return clock(time);
  }
  const date = dayText(day, is1904);
  const isDateOnly = kind === 'date' && time === 0;
  return date === undefined || isDateOnly ? date : `${date}T${clock(time)}`;
}

/** Cached dates, counted from 1900 and from 1904: the dates of a table recur. */
const KNOWN = { from1900: new Map<number, string | undefined>(), from1904: new Map<number, string | undefined>() };
const MAX_KNOWN = 10_000;

function dayText(day: number, is1904: boolean): string | undefined {
  const known = is1904 ? KNOWN.from1904 : KNOWN.from1900;
  let text = known.get(day);
  if (text === undefined) {
    text = newDayText(day, is1904);
    if (known.size >= MAX_KNOWN) {
      known.clear();
    }
    known.set(day, text);
  }
  return text;
}

function newDayText(day: number, is1904: boolean): string | undefined {
  if (!is1904 && (day === NO_DAY || day === 0)) {
    return undefined;
  }
  const first = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < NO_DAY ? 31 : 30);
  const date = new Date(first + day * DAY_MILLISECONDS);
  return date.getUTCFullYear() > 9999 || Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
}

/** `18:30:00`, or `18:30:00.250` */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const fraction = milliseconds % 1000;
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(3, '0')}`;
}
