/** Compares what exists in NATS with what would be created. Changes nothing. */
import { Connection } from './connection.ts';
import { findConsumer, wantedConsumer } from './consumers.ts';
import { explained } from './errors.ts';
import { ALL_EVENTS } from './names.ts';
import { isCentralThere } from './positions.ts';
import type { NatsSettings } from './settings.ts';
import { type Difference, differencesOf, type EpochStream, listStreams, wantedStream } from './streams.ts';

/** A region and the epoch in which it is. */
export interface Wanted {
  readonly region: string;
  readonly epoch: number;
}

interface CheckedStream {
  readonly region: string;
  readonly epoch: number;
  /** Nothing when there is none yet. */
  readonly stream: string | undefined;
  /** Whether it is one that a relay publishes to; those of earlier epochs only run empty. */
  readonly isCurrent: boolean;
  readonly events: number;
  readonly bytes: number;
  /** Events that central has been given and not acknowledged. */
  readonly inFlight: number;
  readonly hasConsumer: boolean;
  readonly differences: readonly Difference[];
}

export interface TransportCheck {
  readonly server: string;
  readonly version: string;
  readonly isCentralThere: boolean;
  readonly streams: readonly CheckedStream[];
  /** Whether all is as it would be made. */
  readonly isAsWanted: boolean;
}

/** @throws MeridianError `transport` when it cannot be reached */
export async function checkNats(settings: NatsSettings, wanted: readonly Wanted[]): Promise<TransportCheck> {
  const connection = await Connection.open(settings, 'meridian transport check');
  try {
    const { manager } = await connection.domain();
    const found = await listStreams(manager, ALL_EVENTS);
    const checked = await Promise.all(found.map((one) => checkStream(one)));
    const missing = wanted
      .filter(({ region, epoch }) => !found.some((one) => one.region === region && one.epoch === epoch))
      .map(missingStream);
    const streams = [...checked, ...missing].sort((a, b) =>
      a.region === b.region ? a.epoch - b.epoch : a.region < b.region ? -1 : 1,
    );
    return {
      server: connection.server,
      version: connection.nats.info?.version ?? '',
      isCentralThere: await isCentralThere(connection),
      streams,
      isAsWanted: streams.every(({ differences }) => differences.length === 0),
    };

    async function checkStream({ region, epoch, info }: EpochStream): Promise<CheckedStream> {
      const consumer = await findConsumer(manager, info.config.name);
      const own = wanted.find((one) => one.region === region);
      // the epoch of a region whose database is elsewhere is unknown here
      const isCurrent = own === undefined || own.epoch === epoch;
      // of an epoch that the region has not reached
      const isForeign = own !== undefined && own.epoch < epoch;
      const isOfConsumer = (difference: Difference) => ({ ...difference, what: `consumer ${difference.what}` });
      return {
        region,
        epoch,
        stream: info.config.name,
        isCurrent,
        events: info.state.messages,
        bytes: info.state.bytes,
        inFlight: consumer?.num_ack_pending ?? 0,
        hasConsumer: consumer !== undefined,
        differences: [
          ...(isForeign ? [{ what: 'epoch', is: epoch, wanted: own.epoch }] : []),
          // a stream that only runs empty is not changed any more
          ...(isCurrent ? differencesOf(wantedStream(region, epoch, settings), info.config) : []),
          ...(consumer === undefined
            ? [{ what: 'consumer', is: 'missing', wanted: 'made by central' }]
            : differencesOf(wantedConsumer(settings), consumer.config).map(isOfConsumer)),
        ],
      };
    }
  } catch (error) {
    throw explained('look at the streams', error);
  } finally {
    await connection.close();
  }
}

function missingStream({ region, epoch }: Wanted): CheckedStream {
  return {
    region,
    epoch,
    stream: undefined,
    isCurrent: true,
    events: 0,
    bytes: 0,
    inFlight: 0,
    hasConsumer: false,
    differences: [{ what: 'stream', is: 'missing', wanted: 'made by the relay' }],
  };
}
