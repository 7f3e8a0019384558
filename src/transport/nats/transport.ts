/** The transport through NATS JetStream: a region's relay and central are in processes of their own, and each can be away. */
import type { Subscription } from '@nats-io/transport-node';
import { MeridianError } from '../../errors.ts';
import type { Batch, BatchHandler, RemoteListener, RemoteTransport, StoredPlaces } from '../transport.ts';
import { answerPresence, answerRegions } from './answers.ts';
import { Connection } from './connection.ts';
import { explained } from './errors.ts';
import { Intake } from './intake.ts';
import { seqOfHeaders } from './message.ts';
import { ALL_POSITIONS, CENTRAL, epochSubject, isEventSubject, STREAM_MADE } from './names.ts';
import { askPosition, isCentralThere } from './positions.ts';
import { Publisher } from './publish.ts';
import type { NatsSettings } from './settings.ts';
import { ensureStream, findStream } from './streams.ts';

export interface NatsTransportOptions {
  readonly settings: NatsSettings;
  /** For whoever looks at the server's connections, such as `meridian relay boston`. */
  readonly name?: string;
  readonly listener?: RemoteListener;
}

/**
 * Connects, and goes on connecting until it is closed.
 *
 * @throws MeridianError `transport` when no server can be reached, lets us in or has JetStream
 */
export async function natsTransport({
  settings,
  name = 'meridian',
  listener = {},
}: NatsTransportOptions): Promise<RemoteTransport> {
  const connection = await Connection.open(settings, name, listener);
  const publisher = new Publisher(connection.nats, connection.timeoutMilliseconds);
  connection.onLost = () => publisher.fail(connection.lost());
  connection.onRefused = (error) => {
    const isOfEvents = isEventSubject(error.subject);
    if (isOfEvents) {
      publisher.fail(explained('publish events', error));
    }
    return isOfEvents;
  };
  const streams = new Map<string, string>();
  let intake: Intake | undefined;
  let answering: Subscription[] = [];

  async function streamOf(region: string, epoch: number): Promise<string> {
    const key = epochSubject(region, epoch);
    const known = streams.get(key);
    if (known !== undefined) {
      return known;
    }
    const { manager } = await connection.domain();
    const { name: stream, isNew, changed } = await ensureStream(manager, region, epoch, settings);
    if (isNew) {
      connection.nats.publish(STREAM_MADE, stream);
      listener.prepared?.(`NATS: made stream ${stream}`);
    } else if (changed.length > 0) {
      listener.prepared?.(`NATS: changed ${changed.map(({ what }) => what).join(', ')} of stream ${stream}`);
    }
    streams.set(key, stream);
    return stream;
  }

  return {
    acknowledgesApplied: false,
    get isConnected() {
      return connection.isConnected;
    },
    get lostAt() {
      return connection.lostAt;
    },
    get server() {
      return connection.server;
    },
    async prepare(region, epoch) {
      connection.refuseDisconnected();
      await trying(`make a stream for ${region}`, () => streamOf(region, epoch));
    },
    async publish(batch: Batch) {
      connection.refuseDisconnected();
      const { region, epoch } = batch;
      try {
        const stream = await streamOf(region, epoch);
        await publisher.publish(stream, batch);
      } catch (error) {
        // it may be gone, and another one may have been made
        streams.delete(epochSubject(region, epoch));
        throw explained(`publish events of ${region}`, error);
      }
    },
    async consume(handler: BatchHandler, isExpected) {
      connection.refuseDisconnected();
      intake = new Intake(connection, { handler, isExpected }, listener);
      await intake.start();
    },
    position: (region) => askPosition(connection, region),
    isCentralThere: () => isCentralThere(connection),
    answer(position) {
      const { nats } = connection;
      answering = [
        answerRegions(nats, ALL_POSITIONS, (region, domain) => {
          intake?.addDomain(domain);
          return position(region);
        }),
        answerPresence(nats, CENTRAL),
      ];
    },
    async stored(region, epoch) {
      connection.refuseDisconnected();
      return trying(`look at what is stored of ${region}`, () => storedOf(connection, region, epoch));
    },
    async close() {
      await intake?.close();
      intake = undefined;
      for (const subscription of answering.splice(0)) {
        subscription.unsubscribe();
      }
      publisher.close();
      await connection.close();
    },
  };
}

async function storedOf(
  connection: Connection,
  region: string,
  epoch: number,
): Promise<StoredPlaces | 'empty' | undefined> {
  const { manager } = await connection.domain();
  const info = await findStream(manager, region, epoch);
  if (info === undefined) {
    return undefined;
  }
  const { messages, last_seq } = info.state;
  if (messages === 0) {
    return 'empty';
  }
  const stream = info.config.name;
  const seqOf = async (query: { readonly seq: number; readonly next_by_subj?: string }) =>
    seqOfHeaders((await manager.streams.getMessage(stream, query))?.header);
  const lastSeq = await seqOf({ seq: last_seq });
  const firstSeq = await seqOf({ seq: 1, next_by_subj: epochSubject(region, epoch) });
  return firstSeq === undefined ? 'empty' : { firstSeq, lastSeq };
}

async function trying<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof MeridianError ? error : explained(what, error);
  }
}
