/** Queries the position of central with a region. */
import {
  type Batch,
  CentralAwayError,
  type Position,
  type StoredRange,
  type Transport,
} from '../transport/transport.ts';

/** The position while central does not respond. */
export const UNKNOWN = Symbol('unknown');

/** `undefined` for a region that central does not know. */
export type KnownPosition = Position | undefined | typeof UNKNOWN;

/** The events of an epoch that the transport stores, and the position of central. */
export interface Found {
  readonly stored: StoredRange | 'empty' | undefined;
  readonly position: KnownPosition;
}

/**
 * Queries the transport first: an event that central receives in between is then found in both rather than in neither. Where only central
 * can read the transport and does not respond, both are unknown, and no published event counts as lost.
 */
export async function findStoredAndPosition(
  transport: Pick<Transport, 'position' | 'stored'>,
  region: string,
  epoch: number,
): Promise<Found> {
  let stored: Found['stored'];
  try {
    stored = await transport.stored?.(region, epoch);
  } catch (error) {
    if (error instanceof CentralAwayError) {
      return { stored: 'empty', position: UNKNOWN };
    }
    throw error;
  }
  return { stored, position: await positionOrUnknown(transport, region) };
}

/** `UNKNOWN` while central does not respond; meanwhile the transport stores the published events. */
export async function positionOrUnknown(
  transport: Pick<Transport, 'position'>,
  region: string,
): Promise<KnownPosition> {
  try {
    return await transport.position(region);
  } catch (error) {
    if (error instanceof CentralAwayError) {
      return UNKNOWN;
    }
    throw error;
  }
}

/**
 * Whether central has applied an acknowledged batch and all events before it. Central also acknowledges events that it will never apply:
 * those of an earlier epoch than its own, and those whose sequence numbers other events have.
 */
export function hasApplied(
  position: Position | undefined,
  { epoch, events }: Pick<Batch, 'epoch' | 'events'>,
): boolean {
  const last = events.at(-1);
  if (last === undefined) {
    return true;
  }
  if (position?.epoch !== epoch || position.conflictSeq !== undefined) {
    return false;
  }
  return position.seq === last.seq ? position.eventId === last.eventId : position.seq > last.seq;
}
