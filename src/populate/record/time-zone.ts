/** Times of a zone in UTC, by the rules of the IANA time zone database, which Node.js includes. */

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
