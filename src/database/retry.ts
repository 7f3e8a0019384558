/** Retries work on a database after transient errors: conflicts with another transaction, and lost connections. */
import { monotonic, random, sleep } from '../shared/environment.ts';
import type { Database } from './database.ts';

/** Time limit for all attempts. With many processes that write to one SQLite file, most of it is spent waiting. */
const RETRY_SECONDS = 60;

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 50;
const PAUSE_FACTOR = 1.5;

/**
 * @param work has to be safe to repeat: after a lost connection, it is unknown whether a commit succeeded
 * @throws the error of `work` if it is not transient; MeridianError `locked` or `database` if the last attempt fails as well
 */
export async function withRetry<T>(
  database: Database,
  work: (attempt: number) => Promise<T>,
  retrySeconds = RETRY_SECONDS,
): Promise<T> {
  const giveUpAt = monotonic() + retrySeconds * 1000;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!database.engine.isTransient(error)) {
        throw error;
      }
      const left = giveUpAt - monotonic();
      if (left <= 0) {
        throw database.explain(error, retrySeconds);
      }
      await sleep(Math.min(pauseAfter(attempt), left));
    }
  }
}

/** Random, so that two transactions do not conflict again. */
function pauseAfter(attempt: number): number {
  const longer = SHORTEST_PAUSE_MILLISECONDS * PAUSE_FACTOR ** (attempt - 1);
  return Math.min((1 + random()) * longer, LONGEST_PAUSE_MILLISECONDS);
}
