/** Runs several pieces of work at once: all are awaited, and their failures are reported together. */
import { MeridianError } from '../errors.ts';

/**
 * Like `Promise.all`, but if one fails, the others are awaited too, so that no rejection remains unhandled.
 *
 * @throws the error of the one that failed; if several failed and all errors are MeridianErrors, one error with all messages
 */
export async function settleAll<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const settled = await Promise.allSettled(work);
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [asError(one.reason)] : []));
  const [first, ...more] = failures;
  if (first === undefined) {
    // all promises are fulfilled
    return Promise.all(work);
  }
  if (more.length === 0 || !(first instanceof MeridianError) || !more.every((one) => one instanceof MeridianError)) {
    throw first;
  }
  throw new MeridianError(first.code, [...new Set(failures.map(({ message }) => message))].join('\n'), {
    cause: new AggregateError(failures),
  });
}

/** A thrown value as an error; any other value becomes the message of one. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
