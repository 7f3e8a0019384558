/** Formats points in time for people. */

/** A point in time for a table, to the second: `2010-12-01 08:26:00Z`, which options also accept. */
export function formatInstant(instant: string): string {
  return instant.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/, '$1 $2Z');
}
