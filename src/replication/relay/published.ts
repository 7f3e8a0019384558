/** How much of an epoch need not be published again: what central has, and what is stored on the way to it. */
import type { StoredPlaces } from '../transport/transport.ts';
import { type KnownPosition, UNKNOWN } from './position.ts';

export interface OnItsWay {
  readonly epoch: number;
  /** What is known to have arrived. */
  readonly ackedSeq: number;
  /** What was published, as far as this relay knows. */
  readonly publishedSeq: number;
}

/**
 * What was published is believed only as long as the transport shows it. So events that a transport has lost, be it all of them,
 * some, or the newest, are published again as long as central does not have them.
 *
 * @param stored as the transport said before central was asked
 * @returns the place after which publishing goes on
 */
export function publishedUpTo(
  stored: StoredPlaces | 'empty' | undefined,
  position: KnownPosition,
  { epoch, ackedSeq, publishedSeq }: OnItsWay,
): number {
  if (position === UNKNOWN) {
    // it may have taken whatever is not stored any more; only where there is no place for it at all, that has been lost
    if (stored === undefined) {
      return ackedSeq;
    }
    return stored === 'empty' ? publishedSeq : Math.max(ackedSeq, stored.lastSeq ?? publishedSeq);
  }
  const arrived = position?.epoch === epoch ? position.seq : 0;
  if (stored === undefined || stored === 'empty' || stored.firstSeq > arrived + 1) {
    return arrived;
  }
  return Math.max(arrived, stored.lastSeq ?? publishedSeq);
}
