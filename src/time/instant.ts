/** Points in time: ISO 8601 with a zone outside, the same text in UTC with milliseconds inside, so that it sorts by time. */

// https://www.rfc-editor.org/rfc/rfc3339#section-5.6, so ISO 8601 with a zone
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** @returns `undefined` when the text is no time, or names no zone, or a day that its month does not have */
export function toDate(text: string): Date | undefined {
  const match = INSTANT.exec(text);
  if (!match) {
    return undefined;
  }
  const [all, year, month, day] = match.map(String);
  const date = new Date(String(all).replace(' ', 'T').toUpperCase());
  // JavaScript takes 31 February for 3 March
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(date.getTime()) || Number(day) > lastDay ? undefined : date;
}

/**
 * Gives every spelling of a point in time its one canonical form, such as `"2010-12-01T08:26:00.000Z"`.
 *
 * @returns `undefined` when the text is no time, or when a change of zone leaves the years 0000 to 9999
 */
export function canonicalInstant(text: string): string | undefined {
  if (isCanonical(text)) {
    return text;
  }
  const canonical = toDate(text)?.toISOString();
  return canonical?.length === CANONICAL_LENGTH ? canonical : undefined;
}

const CANONICAL_LENGTH = '2010-12-01T08:26:00.000Z'.length;

/** The short way for times as they stand in the databases: what reads as a time and is written the same again. */
function isCanonical(text: string): boolean {
  if (text.length !== CANONICAL_LENGTH) {
    return false;
  }
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
