/** Tries work on a database again when another was in its way or the connection broke. */
import pRetry from 'p-retry';
import type { Database } from './database.ts';

/** How long it is tried; with an SQLite file that many processes write to, most of it is waiting in line. */
export const PATIENCE_SECONDS = 60;

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 50;

/**
 * @param work can be done again: a connection that is lost does not tell whether a commit before it went through
 * @throws what `work` throws, when it is nothing that passes or does not pass in time
 */
export function patiently<T>(
  { engine }: Database,
  work: (attempt: number) => Promise<T>,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<T> {
  return pRetry(work, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: patienceSeconds * 1000,
    minTimeout: SHORTEST_PAUSE_MILLISECONDS,
    maxTimeout: LONGEST_PAUSE_MILLISECONDS,
    factor: 1.5,
    randomize: true,
    shouldRetry: ({ error }) => engine.isPassing(error),
  });
}
