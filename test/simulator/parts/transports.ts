/** The two transports of a simulation: central answers relays itself, or a broker stores what they publish. */
import {
  type Batch,
  type BatchHandler,
  CentralAwayError,
  ConnectionLostError,
  type IsExpected,
  type Position,
  type RemoteTransport,
  type StoredRange,
  type Transport,
} from '../../../src/replication/transport/transport.ts';
import { asError } from '../../../src/shared/async/settle.ts';
import { MeridianError, messageOf } from '../../../src/shared/errors.ts';
import type { SimulatedProcess } from '../kernel/simulated-process.ts';
import { BROKER, CENTRAL } from '../plan.ts';
import type { Broker, Delivery } from './broker.ts';
import { type Machine, type Network, NoAnswerError } from './network.ts';

const ANSWER_MILLISECONDS = 5000;
const FIRST_RETRY_MILLISECONDS = 50;
const MAX_RETRY_MILLISECONDS = 5000;

export interface Connection {
  readonly network: Network;
  readonly process: SimulatedProcess;
  /** Where the process runs. */
  readonly machine: Machine;
  /** Called with each batch before it is sent. */
  readonly publishing?: (batch: Batch) => void;
}

/** Between a relay and a central that answers when it has committed. */
export function directTransport(connection: Connection): Transport {
  const ask = asking(connection, CENTRAL);
  return {
    acknowledgesApplied: true,
    publish(batch) {
      connection.publishing?.(batch);
      return ask('publish', batch);
    },
    position: (region) => ask<Position | undefined>('position', region),
    consume: () => Promise.reject(new Error('a relay takes no events')),
    close: () => Promise.resolve(),
  };
}

/** Lets a central answer relays itself. */
export function serveDirectly(
  { network, process }: Connection,
  receive: BatchHandler,
  position: (region: string) => Promise<Position | undefined>,
): void {
  network.serve(CENTRAL, {
    process,
    handlers: {
      publish: async (batch: Batch) => {
        await receive(batch);
      },
      position,
    },
  });
}

/** Through a broker, on both sides. */
export function storingTransport(connection: Connection, broker: Broker): RemoteTransport {
  const { network, process } = connection;
  const ask = asking(connection, BROKER);
  const askCentral = asking(connection, CENTRAL);
  const whileConnected = async <T>(work: () => Promise<T>): Promise<T> => {
    if (broker.isStopped) {
      throw new ConnectionLostError('NATS: the connection is lost.');
    }
    return work();
  };
  let isClosed = false;
  return {
    acknowledgesApplied: false,
    publish(batch) {
      connection.publishing?.(batch);
      return whileConnected(() => ask('publish', batch));
    },
    prepare: (region, epoch) => whileConnected(() => ask('prepare', { region, epoch })),
    stored: (region, epoch) =>
      whileConnected(() => ask<StoredRange | 'empty' | undefined>('stored', { region, epoch })),
    position: (region) =>
      whileConnected(async () => {
        try {
          return await askCentral<Position | undefined>('position', region);
        } catch (error) {
          throw new CentralAwayError(messageOf(error), { cause: error });
        }
      }),
    async consume(handler: BatchHandler, isExpected: IsExpected = () => Promise.resolve(true)) {
      void take(handler, isExpected);
    },
    async answer(position) {
      network.serve(CENTRAL, { process, handlers: { position, isThere: async () => true } });
    },
    isCentralThere: () =>
      whileConnected(async () => {
        try {
          // a message server knows when there is none that could answer
          return network.isServed(CENTRAL) && (await askCentral<boolean>('isThere', undefined));
        } catch (error) {
          if (error instanceof MeridianError) {
            return false;
          }
          throw error;
        }
      }),
    get isConnected() {
      return !broker.isStopped;
    },
    lostAt: undefined,
    server: BROKER,
    async close() {
      isClosed = true;
    },
  };

  async function take(handler: BatchHandler, isExpected: IsExpected): Promise<void> {
    const busy = new Set<string>();
    while (!isClosed) {
      const deliveries = await ask<readonly Delivery[]>('fetch', undefined).catch(() => undefined);
      if (deliveries === undefined || broker.isStopped) {
        await process.environment.sleep(FIRST_RETRY_MILLISECONDS);
        continue;
      }
      for (const delivery of deliveries) {
        // batches of one stream wait for each other; what is not taken is delivered again
        if (!busy.has(delivery.stream)) {
          busy.add(delivery.stream);
          void takeOne(delivery).finally(() => busy.delete(delivery.stream));
        }
      }
      await process.environment.sleep(1);
    }

    async function takeOne({ stream, region, epoch, ids, batch }: Delivery): Promise<void> {
      for (let wait = FIRST_RETRY_MILLISECONDS; !isClosed; wait = Math.min(2 * wait, MAX_RETRY_MILLISECONDS)) {
        try {
          if (!(await isExpected(region, epoch))) {
            return;
          }
          await handler(batch);
          // not waited for: what is not acknowledged is delivered again
          ask('acknowledge', { stream, ids }).catch(() => undefined);
          return;
        } catch (error) {
          process.kernel.trace.note(process.kernel.time, process.name, `not taken: ${asError(error).message}`);
          await process.environment.sleep(wait);
        }
      }
    }
  }
}

function asking({ network, process, machine }: Connection, to: Machine) {
  return async <T = void>(kind: string, request: unknown): Promise<T> => {
    try {
      return await network.call<T>(process, {
        from: machine,
        to,
        kind,
        request,
        timeoutMilliseconds: ANSWER_MILLISECONDS,
      });
    } catch (error) {
      const reason = error instanceof NoAnswerError ? `no answer to ${kind}: ${error.message}` : messageOf(error);
      throw new MeridianError('transport', `${to}: ${reason}.`, { cause: error });
    }
  };
}
