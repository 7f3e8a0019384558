/** Tries work on a database again when another was in its way or the connection broke. */
import pRetry from 'p-retry';
import type { Database } from './database.ts';

/** How long it is tried; with an SQLite file that many processes write to, most of it is waiting in line. */
const PATIENCE_SECONDS = 60;

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 50;

/** What an attempt threw, whatever that is: the library takes some errors for what they are not. */
class FailedAttempt extends Error {
  readonly isPassing: boolean;

  constructor(cause: unknown, isPassing: boolean) {
    super('attempt failed', { cause });
    this.isPassing = isPassing;
  }
}

/**
 * @param work can be done again: a connection that is lost does not tell whether a commit before it went through
 * @throws what `work` throws, when it is nothing that passes; MeridianError `locked` or `database` when it does not pass in time
 */
export async function patiently<T>(
  database: Database,
  work: (attempt: number) => Promise<T>,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<T> {
  const attemptOnce = async (attempt: number): Promise<T> => {
    try {
      return await work(attempt);
    } catch (error) {
      throw new FailedAttempt(error, database.engine.isPassing(error));
    }
  };
  try {
    return await pRetry(attemptOnce, {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: patienceSeconds * 1000,
      minTimeout: SHORTEST_PAUSE_MILLISECONDS,
      maxTimeout: LONGEST_PAUSE_MILLISECONDS,
      factor: 1.5,
      randomize: true,
      shouldRetry: ({ error }) => (error as FailedAttempt).isPassing,
    });
  } catch (error) {
    if (!(error instanceof FailedAttempt)) {
      throw error;
    }
    throw error.isPassing ? database.explain(error.cause, patienceSeconds) : error.cause;
  }
}
