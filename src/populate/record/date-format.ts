/** Converts dates and times from the notation in a file's settings to ISO 8601. */
import { type Clock, isClock, readerOf } from './date-pattern.ts';
import { TimeZone } from './time-zone.ts';
import type { ValueSettings } from './value-settings.ts';

/** Without a zone; a date without a time means the start of the day. */
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;

/** The standard text; or a clause about why there is none. */
export type Standard = { readonly text: string } | { readonly why: string };

/** @returns a function that converts a date or time to the standard text, and returns `undefined` for other text */
export function dateReader(
  kind: 'date' | 'instant',
  { dateFormat, timezone }: ValueSettings,
): ((text: string) => Standard | undefined) | undefined {
  if (dateFormat === undefined && (timezone === undefined || kind === 'date')) {
    return undefined;
  }
  const patterns = dateFormat === undefined ? [] : [dateFormat].flat();
  const readers = patterns.flatMap((pattern) => readerOf(pattern) ?? []);
  // the same digits could be a year, a day and a month
  const takesIso = !patterns.some((pattern) => pattern.startsWith('yyyy'));
  const zone = timezone === undefined ? undefined : new TimeZone(timezone);
  return (text) => {
    const clocks = readers.flatMap((read) => read(text) ?? []);
    const [clock = takesIso ? isoClock(text) : undefined, other] = clocks;
    if (clock === undefined) {
      // it has a zone, or is not a time
      return takesIso ? { text } : undefined;
    }
    if (other !== undefined && clocks.some((one) => dayOf(one) !== dayOf(clock))) {
      return { why: `it can be ${dayOf(clock)} or ${dayOf(other)} by the patterns of --date-format` };
    }
    return kind === 'date' ? dateOf(clock) : instantOf(clock, zone);
  };
}

function isoClock(text: string): Clock | undefined {
  const match = LOCAL.exec(text);
  if (match === null) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const clock = { year, month, day, hour, minute, second, fraction: match[7] ?? '', zone: undefined };
  return isClock(clock) ? clock : undefined;
}

function dateOf(clock: Clock): Standard {
  const { hour, minute, second, fraction } = clock;
  return hour + minute + second + Number(fraction) === 0
    ? { text: dayOf(clock) }
    : { why: 'it has a time of day, but must be a date' };
}

function instantOf(clock: Clock, zone: TimeZone | undefined): Standard {
  const { hour, minute, second, fraction } = clock;
  const rest = fraction === '' ? '' : `.${fraction}`;
  const local = `${dayOf(clock)}T${[hour, minute, second].map((part) => padded(part, 2)).join(':')}`;
  if (clock.zone !== undefined) {
    return { text: `${local}${rest}${clock.zone}` };
  }
  if (zone === undefined) {
    return { why: 'it names no time zone: name it with --timezone' };
  }
  const utc = zone.toUtc(Date.parse(`${local}Z`));
  if (utc === 'missing') {
    return { why: `it does not exist in ${zone.name}, where the clocks were put forward` };
  }
  if (utc === 'twice') {
    return { why: `it is ambiguous in ${zone.name}, where the clocks were put back` };
  }
  return { text: `${new Date(utc).toISOString().slice(0, -'.000Z'.length)}${rest}Z` };
}

function dayOf({ year, month, day }: Clock): string {
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function padded(number: number, length: number): string {
  return String(number).padStart(length, '0');
}

const NAMED_MONTH = /^(?:\d{1,2}[. -]+[A-Za-z]{3,9}[. -]+\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4})(?!\d)/;
const OTHER_DATE = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)/;

/** A clause about a text that is a date in some notation, and how to specify it. */
export function dateAdvice(
  text: string,
  { dateFormat, timezone }: ValueSettings,
  kind: 'date' | 'instant',
): string | undefined {
  if (dateFormat === undefined && OTHER_DATE.test(text) && !/^\d{4}-/.test(text)) {
    return 'say how dates are written with --date-format, such as dd/MM/yyyy or MM/dd/yyyy';
  }
  if (dateFormat === undefined && NAMED_MONTH.test(text)) {
    return 'say how dates are written with --date-format, such as d MMM yyyy for months by their English names';
  }
  return kind === 'instant' && timezone === undefined && isoClock(text) !== undefined
    ? 'it names no time zone: name it with --timezone'
    : undefined;
}
