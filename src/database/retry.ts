/** Retries work on a database after transient errors: another transaction was in the way, or the connection was lost. */
import pRetry from 'p-retry';
import type { Database } from './database.ts';

/** The total time of the attempts. Where many processes write to one SQLite file, most of it is waiting. */
const RETRY_SECONDS = 60;

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 50;

/** Wraps any error of an attempt: p-retry handles some kinds of errors, such as TypeError, in its own way. */
class FailedAttempt extends Error {
  readonly isTransient: boolean;

  constructor(cause: unknown, isTransient: boolean) {
    super('attempt failed', { cause });
    this.isTransient = isTransient;
  }
}

/**
 * @param work is safe to repeat: a lost connection leaves open whether a commit succeeded
 * @throws the error of `work` when it is not transient; MeridianError `locked` or `database` when it is still there after the last attempt
 */
export async function withRetry<T>(
  database: Database,
  work: (attempt: number) => Promise<T>,
  retrySeconds = RETRY_SECONDS,
): Promise<T> {
  const attemptOnce = async (attempt: number): Promise<T> => {
    try {
      return await work(attempt);
    } catch (error) {
      throw new FailedAttempt(error, database.engine.isTransient(error));
    }
  };
  try {
    return await pRetry(attemptOnce, {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: retrySeconds * 1000,
      minTimeout: SHORTEST_PAUSE_MILLISECONDS,
      maxTimeout: LONGEST_PAUSE_MILLISECONDS,
      factor: 1.5,
      randomize: true,
      shouldRetry: ({ error }) => (error as FailedAttempt).isTransient,
    });
  } catch (error) {
    if (!(error instanceof FailedAttempt)) {
      throw error;
    }
    throw error.isTransient ? database.explain(error.cause, retrySeconds) : error.cause;
  }
}
