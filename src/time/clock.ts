/** The two clocks of a machine: one says what time it is, the other how much time has passed. */

/**
 * Milliseconds of a clock that nobody sets, from no moment in particular: only a difference means something. What lasts for some
 * time is measured by it, for the other clock may be put forward or back meanwhile.
 */
export type ElapsedClock = () => number;

export const elapsedMilliseconds: ElapsedClock = () => performance.now();
