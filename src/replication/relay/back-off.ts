/** The delay after consecutive failures: exponential, with jitter. */
import type { RelaySettings } from './settings.ts';

/**
 * The delay doubles with every failure, up to a limit. Half of it is random.
 *
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter ("equal jitter")
 *
 * @param failures consecutive failures, from 1
 * @param random from 0 up to 1
 */
export function backOffMilliseconds(
  failures: number,
  {
    firstBackOffMilliseconds: first,
    maxBackOffMilliseconds: most,
  }: Pick<RelaySettings, 'firstBackOffMilliseconds' | 'maxBackOffMilliseconds'>,
  random: () => number,
): number {
  // avoids an overflow
  const doublings = Math.min(failures - 1, 50);
  const whole = Math.min(most, first * 2 ** doublings);
  return whole / 2 + (whole / 2) * random();
}
