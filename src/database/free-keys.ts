/** Where the next primary keys of a table begin: after the greatest, or, where that leaves no room, in the highest gap. */

/** Keys that have to be free in a row. So many rows that no gap of this size is left do not fit into a database. */
const ROOM = 1_000_000;

const LAST_START = Number.MAX_SAFE_INTEGER - ROOM;

/**
 * An expression of SQL: the greatest key that is followed by room for others, 0 where there is none. One row with the greatest key that there
 * is, which a file may have brought, keeps no others out.
 *
 * @param table quoted
 * @param key the column of the primary key, quoted
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
 * The same for a sequence, which others are drawing from: where it stands, if that is further and there is room.
 *
 * @param sequence quoted
 */
export function startOfSequence(table: string, sequence: string, key = 'id'): string {
  const start = startOfFreeKeys(table, key);
  return `greatest(${start}, (select case when last_value <= ${LAST_START} then last_value else 1 end from ${sequence}))`;
}
