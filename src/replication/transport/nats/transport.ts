/** The transport through NATS JetStream: relays and central run in separate processes, and each may be down. */
import type { Subscription } from '@nats-io/transport-node';
import { MeridianError } from '../../../shared/errors.ts';
import {
  type Batch,
  type BatchHandler,
  ConnectionLostError,
  type RemoteListener,
  type RemoteTransport,
} from '../transport.ts';
import { answerPresence, answerRegions } from './answers.ts';
import { Connection } from './connection.ts';
import { explained } from './errors.ts';
import { Intake } from './intake.ts';
import { ALL_POSITIONS, ALL_STREAMS, CENTRAL, isAboutStreams, isEventSubject } from './names.ts';
import { askPosition, isCentralThere } from './positions.ts';
import { Publisher } from './publish.ts';
import { RegionStreams } from './region-streams.ts';
import type { NatsSettings } from './settings.ts';
import { answerAboutStream } from './stream-requests.ts';

export interface NatsTransportOptions {
  readonly settings: NatsSettings;
  /** Shown in the server's list of connections, such as `meridian relay boston`. */
  readonly name?: string;
  readonly listener?: RemoteListener;
}

/**
 * Connects, and reconnects until it is closed.
 *
 * @throws MeridianError `transport` when no server can be reached, accepts the login and has JetStream
 */
export async function natsTransport({
  settings,
  name = 'meridian',
  listener = {},
}: NatsTransportOptions): Promise<RemoteTransport> {
  const connection = await Connection.open(settings, name, listener);
  const publisher = new Publisher(connection.nats, connection.inboxPrefix, connection.timeoutMilliseconds);
  const streams = new RegionStreams(connection, listener);
  connection.onLost = () => {
    streams.reconnect();
    publisher.fail(connection.lost());
  };
  connection.onRefused = (error) => {
    const isOfEvents = isEventSubject(error.subject);
    if (isOfEvents) {
      publisher.fail(explained('publish events', error));
    }
    // a relay asks central for whatever it has no permission for
    return isOfEvents || (intake === undefined && isAboutStreams(error.subject));
  };
  let intake: Intake | undefined;
  let answering: Subscription[] = [];

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
      await trying(connection, `make a stream for ${region}`, () => streams.nameOf(region, epoch));
    },
    async publish(batch: Batch) {
      connection.refuseDisconnected();
      const { region, epoch } = batch;
      try {
        const stream = await streams.nameIfKnown(region, epoch);
        await publisher.publish(stream, batch);
      } catch (error) {
        streams.forget(region, epoch);
        throw explained(`publish events of ${region}`, error);
      }
    },
    async consume(handler: BatchHandler, isExpected) {
      intake = new Intake(connection, { handler, isExpected }, listener);
      await intake.start();
    },
    position: (region) => askPosition(connection, region),
    isCentralThere: () => isCentralThere(connection),
    async answer(position) {
      const { nats } = connection;
      answering = [
        answerRegions(nats, ALL_POSITIONS, (region, domain) => {
          intake?.addDomain(domain);
          return position(region);
        }),
        answerRegions(nats, ALL_STREAMS, async (region, request) => {
          const answer = await answerAboutStream(connection, position, region, request);
          intake?.discoverSoon();
          return answer;
        }),
        answerPresence(nats, CENTRAL),
      ];
      try {
        // until the server has the subscriptions, it responds that there is no central
        await trying(connection, 'answer regions', () => nats.flush());
      } catch (error) {
        // after a reconnect, the client sends the subscriptions first
        if (!(error instanceof ConnectionLostError)) {
          throw error;
        }
      }
    },
    async stored(region, epoch) {
      connection.refuseDisconnected();
      return trying(connection, `look at what is stored of ${region}`, () => streams.stored(region, epoch));
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

/** A pending request gets no response after the connection is lost: it fails at its time limit, sometimes after a reconnect. */
async function trying<T>(connection: Connection, what: string, work: () => Promise<T>): Promise<T> {
  const { losses } = connection;
  try {
    return await work();
  } catch (error) {
    if (connection.losses !== losses || !connection.isConnected) {
      throw connection.lost(error);
    }
    throw error instanceof MeridianError ? error : explained(what, error);
  }
}
