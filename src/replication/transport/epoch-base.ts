/** What an epoch builds on that repeats some events only, and who can go on with it. */

/** The state of the epoch before it, when an epoch began that does not repeat everything. */
export interface EpochBase {
  readonly epoch: number;
  /** Events of that epoch up to this one are not repeated. */
  readonly seq: number;
  /** The highest sequence number that the region had assigned in it. */
  readonly headSeq: number;
}

/**
 * Whether a central that has got so far in an earlier epoch lacks nothing that the new one does not repeat, and has nothing that the
 * region has never published. Both sides ask this: the relay before it publishes, central when the epoch begins there.
 */
export function canBuildOn(base: EpochBase, reached: EpochBase): boolean {
  return reached.epoch === base.epoch && reached.seq >= base.seq && reached.headSeq <= base.headSeq;
}
