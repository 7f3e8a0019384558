/** Exit codes: 0 for success, and these. */
import { MeridianError } from '../../shared/errors.ts';

/** The exit code of a command that failed or has incomplete results. */
export const FAILED = 1;
export const WRONG_USAGE = 2;
/** The exit code of a command that was stopped by Ctrl-C or SIGTERM. */
export const INTERRUPTED = 130;

/** The exit code of a command with several results. */
export function worstOf(exitCodes: Iterable<number>): number {
  let worst = 0;
  for (const code of exitCodes) {
    worst = Math.max(worst, code);
  }
  return worst;
}

/** The exit code for an error: 2 for wrong usage, otherwise 1. */
export function exitCodeFor(error: unknown): number {
  return error instanceof MeridianError && error.code === 'usage' ? WRONG_USAGE : FAILED;
}
