/** The transport between regions and a central database within one process: batches are passed by function calls. */
import { MeridianError } from '../../shared/errors.ts';
import type { Batch, BatchHandler, Position, Transport } from './transport.ts';

/** @param position reads the position of central with a region */
export function inProcessTransport(position: (region: string) => Promise<Position | undefined>): Transport {
  let handler: BatchHandler | undefined;
  return {
    acknowledgesApplied: true,
    async publish(batch: Batch) {
      if (handler === undefined) {
        throw new MeridianError('transport', 'No consumer takes events for central in this process.');
      }
      // nothing is stored in between: an acknowledged batch is committed in central
      await handler(batch);
    },
    async consume(given) {
      handler = given;
    },
    position,
    async close() {
      handler = undefined;
    },
  };
}
