/** Determines the events of an epoch that need not be published again, because central has them or the transport stores them. */
import type { StoredRange } from '../transport/transport.ts';
import { type KnownPosition, UNKNOWN } from './position.ts';

export interface OnItsWay {
  readonly epoch: number;
  /** The last event that is known to have arrived. */
  readonly ackedSeq: number;
  /** The last published event, as far as this relay knows. */
  readonly publishedSeq: number;
}

/**
 * Only events that the transport still stores count as published. Events that it has lost are published again unless central has them.
 *
 * @param stored the state of the transport, queried before the position of central
 * @returns the sequence number after which publishing continues
 */
export function publishedUpTo(
  stored: StoredRange | 'empty' | undefined,
  position: KnownPosition,
  { epoch, ackedSeq, publishedSeq }: OnItsWay,
): number {
  if (position === UNKNOWN) {
    // central may have received whatever is no longer stored; events are lost only if the stream is missing
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
