/** Where central is with a region, as far as it can be asked. */
import { CentralAwayError, type Position, type StoredPlaces, type Transport } from '../transport/transport.ts';

/** Central was not to be asked. */
export const UNKNOWN = Symbol('unknown');

/** Nothing for a region that central has never heard of. */
export type KnownPosition = Position | undefined | typeof UNKNOWN;

/** What the transport stores of an epoch, and how far central is. */
export interface Found {
  readonly stored: StoredPlaces | 'empty' | undefined;
  readonly position: KnownPosition;
}

/**
 * Asks the transport first: what central takes in between is then seen twice, and not missed twice. Where only central can read the
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

/** Of a central that cannot be asked, nothing is known; what is published is kept for it on the way. */
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
