/** One local transaction of a region, tried again when another was in its way or the connection broke. */
import pRetry from 'p-retry';
import type { EntityManager } from '../databases/database.ts';
import { wakeRelay } from '../outbox/wake.ts';
import type { Region } from './region.ts';

/** How long a transaction is tried; with an SQLite file that many processes write to, most of it is waiting in line. */
const PATIENCE_SECONDS = 60;

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 50;

/** What an attempt threw, whatever that is. */
class FailedAttempt extends Error {
  readonly isPassing: boolean;

  constructor(cause: unknown, isPassing: boolean) {
    super('attempt failed', { cause });
    this.isPassing = isPassing;
  }
}

/**
 * @param work begins with a write, so that an SQLite file is its own from there on, and can be run again. A lost connection
 *   does not tell whether the commit before it went through: work that must not be done twice takes a key (see checkout.ts).
 * @throws MeridianError `database` or `locked` when it does not succeed within a minute; what `work` throws
 */
export async function inTransaction<T>(
  { database }: Region,
  work: (em: EntityManager, attempt: number) => Promise<T>,
): Promise<T> {
  const attemptOnce = async (attempt: number): Promise<T> => {
    try {
      return await database.fork().transactional((em) => work(em, attempt));
    } catch (error) {
      throw new FailedAttempt(error, database.engine.isPassing(error));
    }
  };
  try {
    const result = await pRetry(attemptOnce, {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: PATIENCE_SECONDS * 1000,
      minTimeout: SHORTEST_PAUSE_MILLISECONDS,
      maxTimeout: LONGEST_PAUSE_MILLISECONDS,
      factor: 1.5,
      randomize: true,
      shouldRetry: ({ error }) => (error as FailedAttempt).isPassing,
    });
    wakeRelay(database);
    return result;
  } catch (error) {
    throw database.explain(error instanceof FailedAttempt ? error.cause : error);
  }
}
