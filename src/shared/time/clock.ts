/** The two clocks of a machine: one says what time it is, the other how much time has passed. */

/**
 * Milliseconds of a monotonic clock with an arbitrary start: only differences have a meaning. Whatever lasts for some time
 * is measured by it, for the other clock may be put forward or back meanwhile.
 */
export type ElapsedClock = () => number;

export interface Clocks {
  /** What time it is, for people and for other machines to read. */
  readonly now: () => Date;
  readonly elapsed: ElapsedClock;
}

export const elapsedMilliseconds: ElapsedClock = () => performance.now();

/** The machine's own, where no others are given. */
export function clocksOf({ now = () => new Date(), elapsed = elapsedMilliseconds }: Partial<Clocks>): Clocks {
  return { now, elapsed };
}
