/** Dates and times of a workbook: numbers of days, which the format of their cell makes dates. */

/** What the number of a cell stands for, by its format. */
export type NumberKind = 'number' | 'date' | 'time' | 'date and time' | 'duration';

/** The formats that every workbook has, by their numbers. */
const BUILT_IN: ReadonlyMap<number, NumberKind> = new Map([
  ...numbered([14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58], 'date'),
  ...numbered([18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56], 'time'),
  ...numbered([22], 'date and time'),
  ...numbered([46], 'duration'),
]);

const DAY_MILLISECONDS = 86_400_000;

/** The day that Excel takes for 29 February 1900, which there was not. */
const NO_DAY = 60;

function numbered(numbers: readonly number[], kind: NumberKind): [number, NumberKind][] {
  return numbers.map((number) => [number, kind]);
}

/** @param code of the format, where it is not one of every workbook */
export function kindOfFormat(number: number, code: string | undefined): NumberKind {
  return code === undefined ? (BUILT_IN.get(number) ?? 'number') : kindOfCode(code);
}

function kindOfCode(code: string): NumberKind {
  // the first section is for numbers above zero; texts, escaped characters and colours say nothing
  const [section = ''] = code.replace(/"[^"]*"|[\\_*]./g, '').split(';');
  if (/\[(?:h+|m+|s+)\]/i.test(section)) {
    return 'duration';
  }
  const letters = section.replace(/\[[^\]]*\]/g, '').replace(/general/gi, '');
  const hasTime = /[hs]|am\/pm|a\/p/i.test(letters);
  // a month, where there are no hours or seconds beside it
  const hasDate = /[ydge]|mmm/i.test(letters.replace(/am\/pm|a\/p|e[+-]/gi, '')) || (!hasTime && /m/i.test(letters));
  return hasDate ? (hasTime ? 'date and time' : 'date') : hasTime ? 'time' : 'number';
}

/**
 * The date or time that a number of days stands for, to the millisecond, in ISO 8601 without a zone.
 *
 * @param is1904 whether the workbook counts from 1904
 * @returns `undefined` for a number that stands for none
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

/** Days and their dates, counted from 1900 and from 1904: the dates of a table recur. */
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
