/** Compares what exists in NATS with what would be created. Changes nothing. */
import { Connection } from './connection.ts';
import { findConsumer, wantedConsumer } from './consumers.ts';
import { explained } from './errors.ts';
import { ALL_EVENTS } from './names.ts';
import { isCentralThere } from './positions.ts';
import type { NatsSettings } from './settings.ts';
import { type Difference, differencesOf, type EpochStream, listStreams, wantedStream } from './streams.ts';

/** A region and its current epoch. */
export interface Wanted {
  readonly region: string;
  readonly epoch: number;
}

interface CheckedStream {
  readonly region: string;
  readonly epoch: number;
  /** `undefined` if the stream does not exist yet. */
  readonly stream: string | undefined;
  /** Whether a relay publishes to the stream; those of earlier epochs are only drained. */
  readonly isCurrent: boolean;
  readonly events: number;
  readonly bytes: number;
  /** Events that were delivered to central but not acknowledged. */
  readonly inFlight: number;
  readonly hasConsumer: boolean;
  readonly differences: readonly Difference[];
}

export interface TransportCheck {
  readonly server: string;
  readonly version: string;
  readonly isCentralThere: boolean;
  readonly streams: readonly CheckedStream[];
  /** Whether there are no differences. */
  readonly isAsWanted: boolean;
}

/** @throws MeridianError `transport` when the server cannot be reached */
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
      // the epoch of a region whose database is on another machine is unknown
      const isCurrent = own === undefined || own.epoch === epoch;
      // a stream of an epoch that the region has not reached
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
          // a stream that is only drained is not updated any more
          ...(isCurrent ? differencesOf(wantedStream(region, epoch, settings), info.config) : []),
          ...(consumer === undefined
            ? [{ what: 'consumer', is: 'missing', wanted: 'made by central' }]
            : differencesOf(wantedConsumer(settings), consumer.config).map(isOfConsumer)),
        ],
      };
    }
  } catch (error) {
    throw explained('list the streams', error);
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
