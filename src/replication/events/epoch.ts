/** The epochs of a region: which epochs are plausible, and which state a new epoch builds on. */

/** The highest epoch: the most that the subject of an event can hold. */
export const MAX_EPOCH = 999_999_999_999_999;

/** How far an epoch may exceed the last known one. Epochs begin only after a restore or a command, so no region gets this far. */
const MAX_EPOCH_STEP = 1_000_000;

/**
 * Whether a region can have reached an epoch. An epoch beyond reach is forged: if central accepted it, it would ignore everything that the
 * region publishes from then on.
 *
 * @param known the last epoch of the region that central knows; `undefined` for an unknown region
 */
export function isReachableEpoch(known: number | undefined, epoch: number): boolean {
  return epoch >= 1 && epoch <= (known ?? 0) + MAX_EPOCH_STEP;
}

const FIRST_EPOCH = 1;

/** The position of central with a region that it does not know. */
export const NOTHING_REACHED: EpochBase = { epoch: 0, seq: 0, headSeq: 0 };

/** The final state of the previous epoch, for an epoch that does not repeat everything. */
export interface EpochBase {
  readonly epoch: number;
  /** Events of that epoch up to this one are not repeated. */
  readonly seq: number;
  /** The highest sequence number that the region had assigned in it. */
  readonly headSeq: number;
}

/**
 * Whether central can continue with an epoch from its position in an earlier one: it must have all events that the epoch does not repeat,
 * and no event that the region has never published. Both sides check this: the relay before it publishes, and central when it begins the
 * epoch.
 */
export function canBuildOn(base: EpochBase, reached: EpochBase): boolean {
  if (base.epoch === FIRST_EPOCH && base.seq === 0 && reached.epoch === NOTHING_REACHED.epoch) {
    // the epoch repeats all events that the region has ever assigned a number
    return true;
  }
  return reached.epoch === base.epoch && reached.seq >= base.seq && reached.headSeq <= base.headSeq;
}
