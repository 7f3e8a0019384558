/** The speed and the remaining time of a load. */
import type { Progress } from '../../populate/read/source.ts';
import { monotonic } from '../../shared/environment.ts';
import { formatNumber } from './format.ts';

/** Earlier, the speed of the first batches is not representative. */
const LEAST_SECONDS = 1;

export class Pace {
  readonly #startedAt: number;
  readonly #bytesBefore: number;
  readonly #now: () => number;
  readonly #recordsBefore: number;

  /** @param recordsBefore records that an earlier process has read */
  constructor(bytesBefore: number, recordsBefore = 0, now: () => number = monotonic) {
    this.#recordsBefore = recordsBefore;
    this.#bytesBefore = bytesBefore;
    this.#now = now;
    this.#startedAt = now();
  }

  /** "120,000/s, 2 min left"; without the time if the size is unknown, and empty in the first second. */
  text({ bytesRead, bytesTotal }: Progress, read: number): string {
    const seconds = (this.#now() - this.#startedAt) / 1000;
    if (seconds < LEAST_SECONDS) {
      return '';
    }
    const rate = `${formatNumber(Math.round((read - this.#recordsBefore) / seconds))}/s`;
    const bytes = bytesRead - this.#bytesBefore;
    if (bytesTotal === undefined || bytes <= 0 || bytesRead >= bytesTotal) {
      return rate;
    }
    return `${rate}, ${durationText(((bytesTotal - bytesRead) / bytes) * seconds)} left`;
  }
}

/** "45 s", "12 min", "3 h 20 min" */
function durationText(seconds: number): string {
  if (seconds < 90) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
