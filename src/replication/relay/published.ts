/** Finds the events of an epoch that need not be published again: central has them, or the transport stores them. */
import type { StoredRange } from '../transport/transport.ts';
import { type KnownPosition, UNKNOWN } from './position.ts';

export interface OnItsWay {
  readonly epoch: number;
  /** What is known to have arrived. */
  readonly ackedSeq: number;
  /** What was published, as far as this relay knows. */
  readonly publishedSeq: number;
}

/**
 * Only events that the transport still shows count as published. Events that it has lost are published again unless central has them.
 *
 * @param stored as the transport said before central was asked
 * @returns the sequence number after which publishing goes on
 */
export function publishedUpTo(
  stored: StoredRange | 'empty' | undefined,
  position: KnownPosition,
  { epoch, ackedSeq, publishedSeq }: OnItsWay,
): number {
  if (position === UNKNOWN) {
    // central may have taken whatever is no longer stored; only where no stream is left, events have been lost
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
