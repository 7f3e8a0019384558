/** One transaction over the table of an entity, tried again when another one is in its way. */
import type { EntityManager } from '../../database/database.ts';
import { withRetry } from '../../database/retry.ts';
import { wakeRelay } from '../../replication/outbox/wake.ts';
import type { Resource } from './resource.ts';

/** A load of the same SQLite file commits more often than this. */
const RETRY_SECONDS = 10;

/**
 * @param work can be run again; it reads what it changes, which no other writer changes meanwhile
 * @throws MeridianError `locked` when another writer does not end in time
 */
export async function inTransaction<T>(
  { database, table }: Resource,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const lock = database.engine.writeLockStatement(database.quotedTable(table.metadata));
  try {
    const result = await withRetry(
      database,
      () =>
        database.transaction(async (em) => {
          await em.execute(lock);
          return work(em);
        }),
      RETRY_SECONDS,
    );
    if (table.declaration.outboxMapping !== undefined) {
      wakeRelay(database);
    }
    return result;
  } catch (error) {
    throw database.explain(error);
  }
}
