/** A transport that simulates a network failure between some regions and central. */
import { MeridianError } from '../../index.ts';
import type { Transport } from '../../replication/index.ts';

/** @param isDisconnected whether a region is currently disconnected */
export function disconnectable(transport: Transport, isDisconnected: (region: string) => boolean): Transport {
  const refuse = (region: string) => {
    if (isDisconnected(region)) {
      throw disconnected(region);
    }
  };
  const { stored } = transport;
  return {
    acknowledgesApplied: transport.acknowledgesApplied,
    async publish(batch) {
      refuse(batch.region);
      await transport.publish(batch);
    },
    consume: (handler, isExpected) => transport.consume(handler, isExpected),
    async position(region) {
      refuse(region);
      return transport.position(region);
    },
    ...(stored === undefined
      ? {}
      : {
          async stored(region, epoch) {
            refuse(region);
            return stored.call(transport, region, epoch);
          },
        }),
    close: () => transport.close(),
  };
}

export function disconnected(region: string): MeridianError {
  return new MeridianError(
    'transport',
    `${region} is disconnected from central. Its orders are kept. Reconnect it to ship them.`,
  );
}
