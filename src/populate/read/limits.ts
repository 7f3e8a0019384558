/** Limits of one record of a file. A longer one is a sign of a quote that is never closed, or of another format. */

/** Characters of a record, in any format. */
export const MAX_RECORD_CHARACTERS = 64 * 1024 * 1024;

/** Fields of a row, or keys and elements of a JSON object; no spreadsheet has more columns. */
export const MAX_FIELDS = 16_384;

/** Characters of the name of a column, or of a key. */
export const MAX_NAME_CHARACTERS = 1000;

/** Objects and arrays within each other; no record of scalar values is deeper. */
export const MAX_DEPTH = 64;

/** @returns a clause about a record that is too long */
export function tooLong(what: string, cause: string): string {
  return `the ${what} that starts here is longer than ${MAX_RECORD_CHARACTERS / 1024 / 1024} MiB; ${cause}.`;
}
