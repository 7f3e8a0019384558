/** Points in time as people read them. */

/** A point in time in a table, to the second: `2010-12-01 08:26:00Z`, which options take as well. */
export function formatInstant(instant: string): string {
  return instant.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/, '$1 $2Z');
}
