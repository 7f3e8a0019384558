/** Runs a transaction on the table of an entity, and retries it after conflicts with others. */
import type { EntityManager } from '../../database/database.ts';
import { withRetry } from '../../database/retry.ts';
import { wakeRelay } from '../../replication/outbox/wake.ts';
import type { Resource } from './resource.ts';

/** Long enough for a load of the same SQLite file to commit in between. */
const RETRY_SECONDS = 10;

/**
 * @param work may run more than once; it reads the rows that it changes, which no other writer changes meanwhile
 * @throws MeridianError `locked` when another writer holds the lock for too long
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
