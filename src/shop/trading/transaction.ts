/** One local transaction of a region, tried again when another was in its way or the connection broke. */
import { type EntityManager, withRetry } from '../../databases.ts';
import { Outbox } from '../../replication/index.ts';
import type { Region } from './region.ts';

/**
 * @param work begins with a write, so that an SQLite file is its own from there on, and can be run again. A lost connection
 *   leaves open whether the commit before it succeeded: work that must not be done twice takes a key (see checkout.ts).
 * @throws MeridianError `database` or `locked` when it does not succeed in time; what `work` throws
 */
export async function inTransaction<T>(
  { database, retrySeconds }: Region,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    const result = await withRetry(database, () => database.transaction(work), retrySeconds);
    new Outbox(database).wake();
    return result;
  } catch (error) {
    throw database.explain(error);
  }
}
