/** Tells of the rows that a run changes, where their database has a journal, and takes back what has become untrue. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { Values } from '../../database/values.ts';

/** Keys a statement. */
const CHUNK_KEYS = 1000;

/**
 * Writes an event for each row, for the transaction in which the rows are written.
 *
 * @param run the one that is to be checked before its events are believed; `null` where nothing is left to check
 * @param rows as they are after the change, versions included
 */
export async function tellOf(
  database: Database,
  em: EntityManager,
  run: string | null,
  rows: readonly Values[],
): Promise<void> {
  const { journal } = database.declaration;
  if (journal === undefined || rows.length === 0) {
    return;
  }
  const events = rows.map((row) => journal.eventOf(row, run));
  if (!(await database.bulk(journal.entity).insertAll(em, events))) {
    throw new Error(`${database.name}: the key of an event is taken`);
  }
}

/** Deletes what a run has told of the rows with these primary keys, for the transaction in which they are taken back out. */
export async function takeBack(
  database: Database,
  em: EntityManager,
  run: string,
  keys: readonly unknown[],
): Promise<void> {
  const { journal } = database.declaration;
  for (let from = 0; journal !== undefined && from < keys.length; from += CHUNK_KEYS) {
    await em.nativeDelete(journal.entity, journal.eventsOf(run, keys.slice(from, from + CHUNK_KEYS)));
  }
}
