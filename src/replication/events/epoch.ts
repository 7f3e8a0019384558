/** The epochs of a region: which one it can have reached, and what a new one builds on. */

/** The greatest epoch: what the subject of an event can say. */
export const MAX_EPOCH = 999_999_999_999_999;

/** How much greater than the last known one an epoch can be. An epoch begins after a restore or a command, so this is out of reach. */
const MAX_EPOCH_STEP = 1_000_000;

/**
 * Whether a region can have reached an epoch. One that is out of reach was made up: if central took it, nothing that the region
 * publishes would count any more.
 *
 * @param known the epoch in which central last knew the region; nothing of a region that it does not know
 */
export function isReachableEpoch(known: number | undefined, epoch: number): boolean {
  return epoch >= 1 && epoch <= (known ?? 0) + MAX_EPOCH_STEP;
}

const FIRST_EPOCH = 1;

/** How far a central has got with a region that it does not know. */
export const NOTHING_REACHED: EpochBase = { epoch: 0, seq: 0, headSeq: 0 };

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
  if (base.epoch === FIRST_EPOCH && base.seq === 0 && reached.epoch === NOTHING_REACHED.epoch) {
    // all events that the region had ever assigned come again
    return true;
  }
  return reached.epoch === base.epoch && reached.seq >= base.seq && reached.headSeq <= base.headSeq;
}
