/** Records the changes of a load in the outbox of its database, where there is one. */
import type { EntityManager } from '../../database/database.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';

/** Keys a statement. */
const CHUNK_KEYS = 1000;

/**
 * Writes an event for each row, for the transaction in which the rows are written.
 *
 * @param run the run whose verification releases the events; `null` to release them at once
 * @param rows as they are after the change, versions included
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

/** Deletes the events of a run for the rows with these primary keys, for the transaction in which the rows are reverted. */
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
