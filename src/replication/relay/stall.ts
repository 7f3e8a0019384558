/** Finds out that something makes no progress. */
import type { ElapsedClock } from '../../shared/time/clock.ts';

export class StallDetector {
  readonly #milliseconds: number;
  readonly #elapsed: ElapsedClock;
  #last: { readonly progress: string | number; readonly until: number } | undefined;

  constructor(seconds: number, elapsed: ElapsedClock) {
    this.#milliseconds = seconds * 1000;
    this.#elapsed = elapsed;
  }

  /** Whether nothing was seen yet. */
  get isNew(): boolean {
    return this.#last === undefined;
  }

  /** @returns whether the progress has been the same for too long */
  isStalled(progress: string | number): boolean {
    const now = this.#elapsed();
    if (this.#last?.progress !== progress) {
      this.#last = { progress, until: now + this.#milliseconds };
      return false;
    }
    return now >= this.#last.until;
  }
}
