/** Retries work on a database after transient errors: another transaction was in the way, or the connection was lost. */
import { monotonic, random, sleep } from '../shared/environment.ts';
import type { Database } from './database.ts';

/** The total time of the attempts. Where many processes write to one SQLite file, most of it is waiting. */
const RETRY_SECONDS = 60;

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 50;
const PAUSE_FACTOR = 1.5;

/**
 * @param work is safe to repeat: a lost connection leaves open whether a commit succeeded
 * @throws the error of `work` when it is not transient; MeridianError `locked` or `database` when it is still there after the last attempt
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

/** Random, so that two that are in each other's way are not so again. */
function pauseAfter(attempt: number): number {
  const longer = SHORTEST_PAUSE_MILLISECONDS * PAUSE_FACTOR ** (attempt - 1);
  return Math.min((1 + random()) * longer, LONGEST_PAUSE_MILLISECONDS);
}
