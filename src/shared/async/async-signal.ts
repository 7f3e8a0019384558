/** A signal that one waiter waits for, with or without a time limit. */
import { setTimer } from '../environment.ts';

/** Wakes the waiter. A signal that is set while there is no waiter wakes the next one at once. */
export class AsyncSignal {
  #isSet = false;
  #wake: (() => void) | undefined;

  set(): void {
    this.#isSet = true;
    this.#wake?.();
  }

  /** @returns whether the signal was set; false after the time limit */
  async wait(milliseconds?: number): Promise<boolean> {
    if (!this.#isSet) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const cancel = milliseconds === undefined ? undefined : setTimer(milliseconds, resolve);
      await promise;
      cancel?.();
      this.#wake = undefined;
    }
    const wasSet = this.#isSet;
    this.#isSet = false;
    return wasSet;
  }
}
