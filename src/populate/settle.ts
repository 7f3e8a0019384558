/** Several pieces of work at once: all are awaited, and what failed is told together. */
import { MeridianError } from '../errors.ts';

/** Waits for all, so that nothing goes on unobserved. @throws MeridianError with all their messages, if all that failed are such */
export async function settleAll(work: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(work)).flatMap((one) =>
    one.status === 'rejected' ? [asError(one.reason)] : [],
  );
  const [first, ...more] = failures;
  if (first === undefined) {
    return;
  }
  if (more.length === 0 || !failures.every((one) => one instanceof MeridianError)) {
    throw first;
  }
  throw new MeridianError((first as MeridianError).code, failures.map(({ message }) => message).join('\n'), {
    cause: new AggregateError(failures),
  });
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
