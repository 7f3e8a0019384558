/** Detects a lack of progress. */
import { monotonic } from '../../shared/environment.ts';

export class StallDetector {
  readonly #milliseconds: number;
  #last: { readonly progress: string | number; readonly until: number } | undefined;

  constructor(seconds: number) {
    this.#milliseconds = seconds * 1000;
  }

  /** Whether no progress was observed yet. */
  get isNew(): boolean {
    return this.#last === undefined;
  }

  /** @returns whether the progress has been the same for too long */
  isStalled(progress: string | number): boolean {
    const now = monotonic();
    if (this.#last?.progress !== progress) {
      this.#last = { progress, until: now + this.#milliseconds };
      return false;
    }
    return now >= this.#last.until;
  }
}
