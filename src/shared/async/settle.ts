/** Runs several pieces of work at once: all are awaited, and their failures are reported together. */
import { MeridianError } from '../errors.ts';

/**
 * Waits for all, so that nothing goes on unobserved.
 *
 * @throws what failed; if more than one did, and all are MeridianErrors, one with all their messages
 */
export async function settleAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [asError(one.reason)] : []));
  const [first, ...more] = failures;
  if (first === undefined) {
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }
  if (more.length === 0 || !(first instanceof MeridianError) || !more.every((one) => one instanceof MeridianError)) {
    throw first;
  }
  throw new MeridianError(first.code, [...new Set(failures.map(({ message }) => message))].join('\n'), {
    cause: new AggregateError(failures),
  });
}

/** What was thrown as an error; anything else becomes the message of one. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
