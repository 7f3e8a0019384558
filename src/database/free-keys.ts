/** Finds the next free primary keys of a table: after the greatest key, or, if that leaves no room, in the highest gap. */

/** Number of consecutive free keys that are required. A table without such a gap would exceed the capacity of the database. */
const ROOM = 1_000_000;

const LAST_START = Number.MAX_SAFE_INTEGER - ROOM;

/**
 * An SQL expression: the greatest key that is followed by free keys, or 0. Therefore a row with the largest possible key, which a file may
 * have contained, does not exhaust the keys.
 *
 * @param table the quoted table name
 * @param key the quoted primary key column
 */
export function startOfFreeKeys(table: string, key = 'id'): string {
  const isFollowed = `exists (select 1 from ${table} as n where n.${key} > o.${key} and n.${key} <= o.${key} + ${ROOM})`;
  return `coalesce((select o.${key} from ${table} as o where o.${key} <= ${LAST_START} and not ${isFollowed} order by o.${key} desc limit 1), 0)`;
}

/** So many keys after the start. */
export function keysAfter(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => start + index + 1);
}

/**
 * The same for a sequence that others use: its last value, if that is greater and leaves room.
 *
 * @param sequence the quoted sequence name
 */
export function startOfSequence(table: string, sequence: string, key = 'id'): string {
  const start = startOfFreeKeys(table, key);
  return `greatest(${start}, (select case when last_value <= ${LAST_START} then last_value else 1 end from ${sequence}))`;
}
