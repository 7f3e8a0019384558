/** Hands what comes out of one stream to central, batch by batch and in order, and acknowledges what central has committed. */
import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import { asError } from '../../settle.ts';
import type { Batch, BatchHandler, RemoteListener } from '../transport.ts';
import { Bell } from './bell.ts';
import { type ReceivedEvent, readMessage } from './message.ts';
import { CONSUMER } from './names.ts';

export interface ReceiveOptions {
  readonly stream: string;
  readonly handler: BatchHandler;
  /** When aborted, the batch that is under way is finished. */
  readonly signal: AbortSignal;
  readonly ackWaitSeconds: number;
  readonly listener: RemoteListener;
}

/** Events a batch: what central commits together. */
const BATCH_EVENTS = 2000;
/** Asked for ahead, so that the next batch is there when one is done. */
const AHEAD_EVENTS = 2 * BATCH_EVENTS;
/** How long the rest of a batch that was published together is waited for. */
const LINGER_MILLISECONDS = 20;
/**
 * How long a request for messages stands. The server gives a sign of life every half of it: often enough to notice one that
 * has gone, and seldom enough for a thread that SQLite keeps busy.
 */
const REQUEST_MILLISECONDS = 6000;
const FIRST_BACK_OFF_MILLISECONDS = 50;
const MAX_BACK_OFF_MILLISECONDS = 5000;

interface Held {
  readonly message: JsMsg;
  readonly received: ReceivedEvent;
}

/** Ends when the signal is aborted, or when the stream or its consumer is gone. */
export async function receive(client: JetStreamClient, options: ReceiveOptions): Promise<void> {
  const { stream, handler, signal, ackWaitSeconds, listener } = options;
  const held: Held[] = [];
  const bell = new Bell();
  let isOver = signal.aborted;
  const consumer = await client.consumers.get(stream, CONSUMER);
  const messages = await consumer.consume({
    max_messages: AHEAD_EVENTS,
    expires: REQUEST_MILLISECONDS,
    abort_on_missing_resource: true,
    callback(message) {
      const received = readMessage(message.subject, message.headers, () => message.string());
      if (received === undefined) {
        // not terminated, for older servers keep such a message in the stream
        message.ack();
        listener.discarded?.(message.subject);
      } else {
        held.push({ message, received });
        bell.ring();
      }
    },
  });
  const end = () => {
    isOver = true;
    bell.ring();
  };
  signal.addEventListener('abort', end);
  void messages.closed().then(end, end);
  // what waits here is alive, however long central takes over what comes before it
  const keepAlive = setInterval(
    () => {
      for (const { message } of held) {
        message.working();
      }
    },
    (ackWaitSeconds * 1000) / 3,
  );
  try {
    while (!isOver) {
      if (held.length === 0) {
        await bell.wait();
        continue;
      }
      const count = countOfBatch(held);
      if (isToBeContinued(held, count) && (await bell.wait(LINGER_MILLISECONDS))) {
        continue;
      }
      const taken = held.slice(0, count);
      if (!(await untilDone(toBatch(taken)))) {
        break;
      }
      held.splice(0, count);
      for (const { message } of taken) {
        message.ack();
      }
    }
  } finally {
    clearInterval(keepAlive);
    signal.removeEventListener('abort', end);
    await messages.close();
    // somebody else may have them at once
    for (const { message } of held) {
      message.nak();
    }
  }

  /** @returns whether it is dealt with; if not, nothing more is to be done */
  async function untilDone(batch: Batch): Promise<boolean> {
    for (let wait = FIRST_BACK_OFF_MILLISECONDS; ; wait = Math.min(2 * wait, MAX_BACK_OFF_MILLISECONDS)) {
      try {
        await handler(batch);
        return true;
      } catch (error) {
        listener.failed?.(batch.region, asError(error), wait);
      }
      // later batches wait: they never overtake one that failed
      const until = performance.now() + wait;
      while (!isOver && performance.now() < until) {
        await bell.wait(until - performance.now());
      }
      if (isOver) {
        return false;
      }
    }
  }
}

/** How many from the first one on follow on each other without a gap. */
function countOfBatch(held: readonly Held[]): number {
  let count = 1;
  while (
    count < Math.min(held.length, BATCH_EVENTS) &&
    held[count]?.received.event.seq === (held[count - 1]?.received.event.seq ?? 0) + 1
  ) {
    count++;
  }
  return count;
}

/** Whether more was published together with the last of them, and has not come yet. */
function isToBeContinued(held: readonly Held[], count: number): boolean {
  return count === held.length && count < BATCH_EVENTS && (held[count - 1]?.received.left ?? 0) > 0;
}

function toBatch(taken: readonly Held[]): Batch {
  const [
    {
      received: { region, epoch },
    } = { received: { region: '', epoch: 0 } },
  ] = taken;
  return {
    region,
    epoch,
    headSeq: taken.reduce((head, { received }) => Math.max(head, received.headSeq), 0),
    events: taken.map(({ received }) => received.event),
  };
}
