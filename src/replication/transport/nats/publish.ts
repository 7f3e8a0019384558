/** Publishes all messages of a batch concurrently, and waits until JetStream has stored all of them. */

import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { environment } from '../../../shared/environment.ts';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import type { Batch } from '../transport.ts';
import { type ApiFailure, CODES, reasonOfCode } from './errors.ts';
import { toMessage } from './message.ts';

/** The response of JetStream to a message. */
type Answer = 'stored' | ApiFailure;

interface Failure extends ApiFailure {
  /** The index of the first refused event. */
  readonly index: number;
}

/** A batch that waits for responses. */
interface Pending {
  answer(index: number, answer: Answer): void;
  fail(error: Error): void;
}

/** The status of a message whose subject has no subscriber. */
const NO_RESPONDERS = 503;

export class Publisher {
  readonly #nats: NatsConnection;
  readonly #timeoutMilliseconds: number;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #pending = new Map<number, Pending>();
  #number = 0;

  constructor(nats: NatsConnection, inboxPrefix: string, timeoutMilliseconds: number) {
    this.#nats = nats;
    this.#timeoutMilliseconds = timeoutMilliseconds;
    this.#inbox = createInbox(inboxPrefix);
    this.#subscription = nats.subscribe(`${this.#inbox}.*.*`, {
      callback: (error, message) => {
        if (error === null) {
          this.#take(message);
        }
      },
    });
  }

  /**
   * @param stream `undefined` if its name is not known
   *
   * When it rejects, some of the events may have been stored, from the first one on and without a gap.
   *
   * @throws MeridianError `transport`
   */
  async publish(stream: string | undefined, batch: Batch): Promise<void> {
    let from = 0;
    while (from < batch.events.length) {
      const failure = await this.#send(stream, batch, from);
      if (failure === undefined) {
        return;
      }
      // the previous event was stored earlier, and another message after it: start a new chain with this event
      if (failure.code === CODES.wrongLastMessageId && failure.index > from) {
        from = failure.index;
        continue;
      }
      throw refused(stream, batch, failure);
    }
  }

  /** Rejects all batches that wait for responses. */
  fail(error: Error): void {
    for (const pending of this.#pending.values()) {
      pending.fail(error);
    }
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  /** @returns the first refused event; `undefined` if all are stored */
  #send(stream: string | undefined, batch: Batch, from: number): Promise<Failure | undefined> {
    const number = ++this.#number;
    const { promise, resolve, reject } = Promise.withResolvers<Failure | undefined>();
    let failure: Failure | undefined;
    let left = batch.events.length - from;
    const giveUp = () =>
      reject(
        new MeridianError(
          'transport',
          `NATS: ${left} of ${batch.events.length} events were not acknowledged within ${this.#timeoutMilliseconds / 1000} seconds.`,
        ),
      );
    // each response shows that the server is alive
    const surroundings = environment();
    let aliveAt = surroundings.monotonic();
    const giveUpWhenSilent = () => {
      const left = aliveAt + this.#timeoutMilliseconds - surroundings.monotonic();
      if (left <= 0) {
        giveUp();
      } else {
        cancelTimer = surroundings.setTimer(left, giveUpWhenSilent);
      }
    };
    let cancelTimer = surroundings.setTimer(this.#timeoutMilliseconds, giveUpWhenSilent);
    this.#pending.set(number, {
      fail: reject,
      answer(index, answer) {
        left--;
        aliveAt = surroundings.monotonic();
        if (answer !== 'stored' && (failure === undefined || index < failure.index)) {
          failure = { ...answer, index };
        }
        if (left === 0) {
          resolve(failure);
        }
      },
    });
    let index = from;
    try {
      for (; index < batch.events.length; index++) {
        const { subject, headers, payload } = toMessage(batch, index, stream, index > from);
        this.#nats.publish(subject, payload, { headers, reply: `${this.#inbox}.${number}.${index}` });
      }
    } catch (error) {
      reject(this.#tooLarge(batch, index, error) ?? error);
    }
    return promise.finally(() => {
      cancelTimer();
      this.#pending.delete(number);
    });
  }

  #tooLarge({ region, events }: Batch, index: number, error: unknown): MeridianError | undefined {
    return /max_payload/.test(messageOf(error))
      ? new MeridianError(
          'transport',
          `NATS: event ${events[index]?.seq} of ${region} is larger than the server takes, ${this.#nats.info?.max_payload} bytes. Raise max_payload in its configuration; until then nothing more of ${region} gets through.`,
          { cause: error },
        )
      : undefined;
  }

  #take(message: Msg): void {
    const [index, number] = message.subject.split('.').reverse();
    this.#pending.get(Number(number))?.answer(Number(index), answerOf(message));
  }
}

function answerOf(message: Msg): Answer {
  if (message.headers?.code === NO_RESPONDERS) {
    return { code: NO_RESPONDERS, description: 'no stream takes it' };
  }
  try {
    const { error } = message.json<{ error?: { err_code: number; description: string } }>();
    return error === undefined ? 'stored' : { code: error.err_code, description: error.description };
  } catch {
    return { code: 0, description: 'the answer is not of JetStream' };
  }
}

function refused(stream: string | undefined, { region, events }: Batch, failure: Failure): MeridianError {
  const { index, code } = failure;
  const reason =
    code === NO_RESPONDERS || code === CODES.expectedOtherStream || code === CODES.streamNotFound
      ? stream === undefined
        ? 'there is no stream for it, or none with a leader, and central, which creates it, does not answer'
        : `stream ${stream} is not there, or has no leader at the moment`
      : reasonOfCode(failure);
  return new MeridianError('transport', `NATS: event ${events[index]?.seq} of ${region} was not stored: ${reason}.`);
}
