/** The position of central with a region, as far as central answers. */
import {
  type Batch,
  CentralAwayError,
  type Position,
  type StoredRange,
  type Transport,
} from '../transport/transport.ts';

/** Central does not answer. */
export const UNKNOWN = Symbol('unknown');

/** Nothing for a region that central does not know. */
export type KnownPosition = Position | undefined | typeof UNKNOWN;

/** What the transport stores of an epoch, and the position of central. */
export interface Found {
  readonly stored: StoredRange | 'empty' | undefined;
  readonly position: KnownPosition;
}

/**
 * Asks the transport first: an event that central takes in between is then found twice, and not missed twice. Where only central can read the
 * transport, and does not answer, neither is known, and nothing that was published is taken to be lost.
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

/** Unknown while central does not answer; the transport keeps what is published until then. */
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
 * Whether central has applied a batch that it has acknowledged, and all events before it. It acknowledges what it will never apply as well: events
 * of an earlier epoch than its own, and other events than those that it knows by the same sequence numbers.
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
