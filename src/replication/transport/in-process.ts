/** The transport between regions and a central database that one process has open: a batch is handed over by a call. */
import { MeridianError } from '../../shared/errors.ts';
import type { Batch, BatchHandler, Position, Transport } from './transport.ts';

/** @param position how far central is with a region */
export function inProcessTransport(position: (region: string) => Promise<Position | undefined>): Transport {
  let handler: BatchHandler | undefined;
  return {
    acknowledgesApplied: true,
    async publish(batch: Batch) {
      if (handler === undefined) {
        throw new MeridianError('transport', 'Nobody takes events for central in this process.');
      }
      // there is no place in between where it could be kept: acknowledged is what central has committed
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
