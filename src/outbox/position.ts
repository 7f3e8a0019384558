/** Where central is with a region, as far as it can be asked. */
import { CentralAwayError, type Position, type Transport } from '../transport/transport.ts';

/** Central was not to be asked. */
export const UNKNOWN = Symbol('unknown');

/** Nothing for a region that central has never heard of. */
export type KnownPosition = Position | undefined | typeof UNKNOWN;

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
