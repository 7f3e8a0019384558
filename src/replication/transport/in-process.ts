/** The transport between regions and a central database that one process has open: a batch is passed on by a call. */
import { MeridianError } from '../../shared/errors.ts';
import type { Batch, BatchHandler, Position, Transport } from './transport.ts';

/** @param position how far central is with a region */
export function inProcessTransport(position: (region: string) => Promise<Position | undefined>): Transport {
  let handler: BatchHandler | undefined;
  return {
    acknowledgesApplied: true,
    async publish(batch: Batch) {
      if (handler === undefined) {
        throw new MeridianError('transport', 'No consumer takes events for central in this process.');
      }
      // nothing is stored in between: central has committed what is acknowledged
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
