/** The two clocks of a machine: the wall clock may be wrong, and may be set; the monotonic one only goes a little too fast or too slow. */

/** The wall clock of a machine whose clock is right, when a simulation begins. */
const START = Date.UTC(2026, 10, 26);

export class Clock {
  readonly #time: () => number;
  readonly #rate: number;
  #offset: number;

  /**
   * @param time of the simulation, in milliseconds
   * @param offset of the wall clock, in milliseconds
   * @param drift what the clocks gain in each second, in seconds
   */
  constructor(time: () => number, offset = 0, drift = 0) {
    this.#time = time;
    this.#offset = offset;
    this.#rate = 1 + drift;
  }

  /** Whole milliseconds since 1970. */
  now(): number {
    return Math.floor(START + this.#offset + this.monotonic());
  }

  monotonic(): number {
    return this.#time() * this.#rate;
  }

  /** So many milliseconds of the simulation pass while this clock counts as many as are given. */
  durationOf(milliseconds: number): number {
    return milliseconds / this.#rate;
  }

  /** Sets the wall clock forward or back. */
  step(milliseconds: number): void {
    this.#offset += milliseconds;
  }
}
