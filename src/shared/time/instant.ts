/** Points in time. Input: ISO 8601 with a zone. Stored: the same in UTC with milliseconds, so that the text sorts by time. */

// https://www.rfc-editor.org/rfc/rfc3339#section-5.6, and the output of PostgreSQL: a space for the T, and zones with hours only or, for
// old dates, with seconds
const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d{2})(?::?(\d{2})(?::(\d{2}))?)?)$/;

interface Time {
  /** Since 1970, without finer fractions. */
  readonly milliseconds: number;
  readonly isFiner: boolean;
}

/** @returns `undefined` when the text is no time, is finer than a millisecond, has no zone, or names a day that its month does not have */
export function toDate(text: string): Date | undefined {
  const time = timeOf(text);
  return time === undefined || time.isFiner ? undefined : new Date(time.milliseconds);
}

/** Whether a text is a point in time that would have to be rounded to milliseconds. */
export function isTooFine(text: string): boolean {
  return timeOf(text)?.isFiner === true;
}

function timeOf(text: string): Time | undefined {
  const match = INSTANT.exec(text);
  if (!match) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(numberOf);
  const fraction = (match[7] ?? '').padEnd(9, '0');
  const [zoneHours = 0, zoneMinutes = 0, zoneSeconds = 0] = match.slice(9, 12).map(numberOf);
  const isMidnight = hour === 24 && minute === 0 && second === 0 && Number(fraction) === 0;
  const isTime = (hour < 24 || isMidnight) && minute < 60 && second < 60;
  if (!isTime || zoneHours > 23 || zoneMinutes > 59 || zoneSeconds > 59) {
    return undefined;
  }
  // unlike Date.UTC, setUTCFullYear does not map the years 0 to 99 to 1900 to 1999
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    return undefined;
  }
  const zone = (match[8] === '-' ? -1 : 1) * seconds(zoneHours, zoneMinutes, zoneSeconds);
  return {
    milliseconds: date.getTime() + (seconds(hour, minute, second) - zone) * 1000 + Number(fraction.slice(0, 3)),
    isFiner: Number(fraction.slice(3)) > 0,
  };
}

/** @param digits `undefined` where the text leaves them out */
function numberOf(digits: string | undefined): number {
  return Number(digits ?? 0);
}

function seconds(hours: number, minutes: number, rest: number): number {
  return (hours * 60 + minutes) * 60 + rest;
}

/**
 * Converts every spelling of a point in time to its canonical form, such as `"2010-12-01T08:26:00.000Z"`.
 *
 * @returns `undefined` when the text is no time, is finer than a millisecond, or is outside the years 0000 to 9999 in UTC
 */
export function canonicalInstant(text: string): string | undefined {
  if (isCanonical(text)) {
    return text;
  }
  const canonical = toDate(text)?.toISOString();
  return canonical?.length === CANONICAL_LENGTH ? canonical : undefined;
}

const CANONICAL_LENGTH = '2010-12-01T08:26:00.000Z'.length;

/** Fast path for times from the databases, which are canonical already. */
function isCanonical(text: string): boolean {
  if (text.length !== CANONICAL_LENGTH) {
    return false;
  }
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
