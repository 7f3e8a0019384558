/** Limits of one record. A longer one indicates an unclosed quote, or another format. */

/** Maximum number of characters of a record, in any format. */
export const MAX_RECORD_CHARACTERS = 64 * 1024 * 1024;

/** Maximum number of fields of a row, or of keys and elements of a JSON object; spreadsheets do not support more columns. */
export const MAX_FIELDS = 16_384;

/** Maximum length of a column name or key. */
export const MAX_NAME_CHARACTERS = 1000;

/** Maximum nesting depth of objects and arrays. */
export const MAX_DEPTH = 64;

/** @returns a clause about a record that is too long */
export function tooLong(what: string, cause: string): string {
  return `the ${what} that starts here is longer than ${MAX_RECORD_CHARACTERS / 1024 / 1024} MiB; ${cause}.`;
}
