/** Receives the events of one stream for central, in batches and in order, and acknowledges those that central has committed. */

import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { AsyncSignal } from '../../../shared/async/async-signal.ts';
import { asError } from '../../../shared/async/settle.ts';
import { monotonic, setTimer } from '../../../shared/environment.ts';
import type { Batch, BatchHandler, RemoteListener } from '../transport.ts';
import { type ReceivedEvent, readMessage } from './message.ts';
import { CONSUMER } from './names.ts';
import { type EpochStream, largestMessage } from './streams.ts';

export interface ReceiveOptions {
  readonly nats: NatsConnection;
  readonly stream: EpochStream;
  readonly handler: BatchHandler;
  /** When aborted, the current batch is finished. */
  readonly signal: AbortSignal;
  readonly ackWaitSeconds: number;
  readonly listener: RemoteListener;
}

/** Events per batch, which central commits together. */
const BATCH_EVENTS = 2000;
/**
 * How much is requested ahead, besides the waiting events: enough for a distant server, and never more than these bytes, however large the
 * messages are.
 */
const MAX_AHEAD_EVENTS = 500;
const AHEAD_BYTES = 33_554_432;
/** The minimum number of messages to request: the client refills at three quarters. */
const MIN_AHEAD_EVENTS = 4;
/** The maximum bytes of events that wait for central. Beyond it, reading pauses, and the rest stays in the stream. */
const WAITING_BYTES = 16_777_216;
/** The estimated bytes of an event besides its payload. */
const EVENT_BYTES = 1000;
/** How long to wait for the rest of a published batch. */
const LINGER_MILLISECONDS = 20;
/**
 * The expiry of a request for messages. The server sends a heartbeat every half of it: often enough to detect a lost server, and seldom
 * enough for a thread that SQLite keeps busy.
 */
const REQUEST_MILLISECONDS = 6000;
const FIRST_BACK_OFF_MILLISECONDS = 50;
const MAX_BACK_OFF_MILLISECONDS = 5000;

/** A waiting event. The message itself is not kept, since its payload may be too large for an event. */
interface Waiting {
  /** The subject for acknowledgements of the message. */
  readonly reply: string;
  readonly received: ReceivedEvent;
}

/** https://docs.nats.io/nats-concepts/jetstream/consumers#acknowledgement-policies */
const ACKNOWLEDGED = '+ACK';
const REFUSED = '-NAK';
const IN_PROGRESS = '+WPI';

/** Ends when the signal is aborted, or when the stream or its consumer is deleted. */
export async function receive(client: JetStreamClient, options: ReceiveOptions): Promise<void> {
  const { nats, stream, handler, signal, ackWaitSeconds, listener } = options;
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  const [arrived, answered] = [new AsyncSignal(), new AsyncSignal()];
  let isOver = signal.aborted;
  const consumer = await client.consumers.get(stream.info.config.name, CONSUMER);
  const messages = await consumer.consume({
    max_messages: aheadEvents(largestMessage(stream.info, nats.info?.max_payload)),
    expires: REQUEST_MILLISECONDS,
    abort_on_missing_resource: true,
  });
  const end = () => {
    isOver = true;
    arrived.set();
    answered.set();
  };
  signal.addEventListener('abort', end);
  const reading = readAll().then(end, end);
  // prevents the redelivery of waiting events, however long central takes for those before them
  const stopKeepAlive = setTimer((ackWaitSeconds * 1000) / 3, () => answer(IN_PROGRESS, waiting), { repeat: true });
  try {
    while (!isOver) {
      if (waiting.length === 0) {
        await arrived.wait();
        continue;
      }
      const count = countOfBatch(waiting);
      if (isToBeContinued(waiting, count) && (await arrived.wait(LINGER_MILLISECONDS))) {
        continue;
      }
      if (!(await untilDone(toBatch(waiting.slice(0, count))))) {
        break;
      }
      const done = waiting.splice(0, count);
      waitingBytes -= done.reduce((sum, { received }) => sum + bytesOf(received), 0);
      answer(ACKNOWLEDGED, done);
      answered.set();
    }
  } finally {
    end();
    stopKeepAlive();
    signal.removeEventListener('abort', end);
    await messages.close();
    await reading;
    // another central may receive them immediately
    answer(REFUSED, waiting);
  }

  function answer(what: string, events: readonly Waiting[]): void {
    for (const { reply } of events) {
      nats.publish(reply, what);
    }
  }

  async function readAll(): Promise<void> {
    for await (const message of messages) {
      const { subject, data } = message;
      const received = readMessage(subject, message.headers, () => message.string(), data.length);
      // a stream may have foreign messages if it was configured to copy another stream
      if (received?.region !== stream.region || received.epoch !== stream.epoch) {
        // acknowledged instead of terminated, since older servers keep a terminated message in the stream
        message.ack();
        listener.discarded?.(subject);
        continue;
      }
      waiting.push({ reply: replyOf(message), received });
      waitingBytes += bytesOf(received);
      arrived.set();
      while (waitingBytes >= WAITING_BYTES && !isOver) {
        await answered.wait();
      }
    }
  }

  /** @returns whether the batch was processed; `false` when receiving has ended */
  async function untilDone(batch: Batch): Promise<boolean> {
    for (let wait = FIRST_BACK_OFF_MILLISECONDS; ; wait = Math.min(2 * wait, MAX_BACK_OFF_MILLISECONDS)) {
      try {
        await handler(batch);
        return true;
      } catch (error) {
        listener.failed?.(batch.region, asError(error), wait);
      }
      // later batches wait, so that they do not overtake a failed one
      const until = monotonic() + wait;
      while (!isOver && monotonic() < until) {
        await arrived.wait(until - monotonic());
      }
      if (isOver) {
        return false;
      }
    }
  }
}

/** @param largest the bytes of the largest possible message */
function aheadEvents(largest: number): number {
  return Math.max(MIN_AHEAD_EVENTS, Math.min(MAX_AHEAD_EVENTS, Math.floor(AHEAD_BYTES / largest)));
}

function bytesOf({ event }: ReceivedEvent): number {
  return EVENT_BYTES + event.payload.length;
}

/** The client's type lacks `reply`. */
function replyOf(message: JsMsg): string {
  return (message as JsMsg & { readonly reply: string }).reply;
}

/** The number of events, from the first one on, without a gap. */
function countOfBatch(waiting: readonly Waiting[]): number {
  let count = 1;
  while (
    count < Math.min(waiting.length, BATCH_EVENTS) &&
    waiting[count]?.received.event.seq === (waiting[count - 1]?.received.event.seq ?? 0) + 1
  ) {
    count++;
  }
  return count;
}

/** Whether more events of the last published batch have not arrived yet. */
function isToBeContinued(waiting: readonly Waiting[], count: number): boolean {
  return count === waiting.length && count < BATCH_EVENTS && (waiting[count - 1]?.received.left ?? 0) > 0;
}

function toBatch(waiting: readonly Waiting[]): Batch {
  const [
    {
      received: { region, epoch, base },
    } = { received: { region: '', epoch: 0, base: undefined } },
  ] = waiting;
  return {
    region,
    epoch,
    ...(base === undefined ? {} : { base }),
    headSeq: waiting.reduce((head, { received }) => Math.max(head, received.headSeq), 0),
    events: waiting.map(({ received }) => received.event),
  };
}
