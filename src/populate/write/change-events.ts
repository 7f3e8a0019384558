/** Records the changes of a load in the outbox of its database, if there is one. */
import type { EntityManager } from '../../database/database.ts';
import { withExactJson } from '../../database/exact-json.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { holdsWrittenNumber } from '../../shared/json/written-number.ts';

/** Number of keys per statement. */
const CHUNK_KEYS = 1000;

/**
 * Writes an event for each row, in the transaction that writes the rows.
 *
 * @param run the run whose verification releases the events; `null` to release them at once
 * @param rows the rows after the change, including versions
 */
export async function recordChangeEvents(
  table: Table,
  em: EntityManager,
  run: string | null,
  rows: readonly Values[],
): Promise<void> {
  const { outboxMapping } = table.declaration;
  if (outboxMapping === undefined || rows.length === 0) {
    return;
  }
  const events = rows.map((row) => outboxMapping.eventOf(row, run));
  if (!(await table.database.bulk(outboxMapping.entity).insertAll(em, events))) {
    throw new Error(`${table.name}: the key of an event is taken`);
  }
}

/**
 * The written rows, with JSON numbers that JavaScript cannot represent as they are stored: other programs write such numbers, and an event
 * has to contain the same as the row.
 *
 * @param rows the rows as on entities; without an outbox, they are returned unchanged
 */
export async function withStoredJson(
  table: Table,
  em: EntityManager,
  rows: readonly Values[],
): Promise<readonly Values[]> {
  const bulk = table.bulk();
  const exact = withExactJson(table.metadata, bulk.columns, parseExactJson);
  const json = exact.filter((column, index) => column !== bulk.columns[index]);
  if (table.declaration.outboxMapping === undefined || json.length === 0 || rows.length === 0) {
    return rows;
  }
  const { primaryKey } = bulk;
  const keys = exact.filter(({ property }) => primaryKey.properties.includes(property));
  const ids = rows.map((row) => primaryKey.of(row));
  const stored = await bulk.findByPrimaryKey(em, ids, [...keys, ...json]);
  const changes = new Map(
    stored.map((row) => [
      primaryKey.of(row),
      Object.fromEntries(Object.entries(row).filter(([, value]) => holdsWrittenNumber(value))),
    ]),
  );
  return rows.map((row, index) => ({ ...row, ...changes.get(ids[index]) }));
}

/** Deletes the events of a run for the rows with these primary keys, in the transaction that reverts the rows. */
export async function deleteUnpublishedEvents(
  table: Table,
  em: EntityManager,
  run: string,
  keys: readonly unknown[],
): Promise<void> {
  const { outboxMapping } = table.declaration;
  for (let from = 0; outboxMapping !== undefined && from < keys.length; from += CHUNK_KEYS) {
    const some = keys.slice(from, from + CHUNK_KEYS);
    await em.nativeDelete(outboxMapping.entity, outboxMapping.unpublishedEventsOf(run, some));
  }
}
