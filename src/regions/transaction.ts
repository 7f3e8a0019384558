/** One local transaction of a region, tried again when another was in its way or the connection broke. */
import pRetry from 'p-retry';
import type { EntityManager } from '../databases/database.ts';
import { wakeRelay } from '../outbox/wake.ts';
import type { Region } from './region.ts';

/** How long a transaction is tried; with an SQLite file that many processes write to, most of it is waiting in line. */
const PATIENCE_SECONDS = 60;

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 50;

/**
 * @param work begins with a write, so that an SQLite file is its own from there on, and undoes nothing when it is run
 *   again. A lost connection does not tell whether the commit before it went through: work that must not be done twice
 *   takes a key (see checkout.ts).
 * @throws MeridianError `database` or `locked` when it does not succeed within a minute; what `work` throws
 */
export async function inTransaction<T>(
  { database }: Region,
  work: (em: EntityManager, attempt: number) => Promise<T>,
): Promise<T> {
  try {
    const result = await pRetry((attempt) => database.fork().transactional((em) => work(em, attempt)), {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: PATIENCE_SECONDS * 1000,
      minTimeout: SHORTEST_PAUSE_MILLISECONDS,
      maxTimeout: LONGEST_PAUSE_MILLISECONDS,
      factor: 1.5,
      randomize: true,
      shouldRetry: ({ error }) => database.engine.isPassing(error),
    });
    wakeRelay(database);
    return result;
  } catch (error) {
    throw database.explain(error);
  }
}
