/**
 * A model of the message server: a stream for each region and epoch, which stores each message once within a window, delivers it until it
 * is acknowledged, and deletes it then.
 */
import { messageId } from '../../../src/replication/transport/nats/names.ts';
import type { Batch, ShippedEvent, StoredRange } from '../../../src/replication/transport/transport.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Effects } from './effects.ts';

/** Within which a message that is published twice is stored once. */
const DUPLICATE_MILLISECONDS = 20_000;
/** How long a fetch waits for messages. */
const FETCH_MILLISECONDS = 1000;
/** Messages of a stream that are delivered together. */
const FETCH_MESSAGES = 8;

interface Message {
  readonly id: number;
  readonly batch: Omit<Batch, 'events'>;
  readonly event: ShippedEvent;
  /** Not delivered again before. */
  inFlightUntil: number;
  deliveries: number;
}

interface Stream {
  readonly region: string;
  readonly epoch: number;
  messages: Message[];
  /** Message id -> when it was stored. */
  readonly seen: Map<string, number>;
  /** The message that was stored last, which may be deleted by now. */
  lastId: number;
}

/** Messages of one stream, in the order in which they were stored. */
export interface Delivery {
  readonly stream: string;
  readonly region: string;
  readonly epoch: number;
  readonly ids: readonly number[];
  readonly batch: Batch;
}

/** What the broker answers instead of storing a batch. */
class BrokerError extends Error {}

export class Broker {
  readonly #kernel: Kernel;
  readonly #effects: Effects;
  readonly #ackWaitMilliseconds: number;
  readonly #streams = new Map<string, Stream>();
  readonly #waiting = new Set<() => void>();
  #lastId = 0;
  isFull = false;
  isStopped = false;

  constructor(kernel: Kernel, effects: Effects, ackWaitSeconds: number) {
    this.#kernel = kernel;
    this.#effects = effects;
    this.#ackWaitMilliseconds = ackWaitSeconds * 1000;
  }

  /** Messages that are not acknowledged. */
  get messages(): number {
    return [...this.#streams.values()].reduce((sum, { messages }) => sum + messages.length, 0);
  }

  wipe(): void {
    if (this.messages > 0) {
      this.#effects.count('broker wiped', 'with messages');
    }
    this.#streams.clear();
  }

  readonly handlers = {
    prepare: async ({ region, epoch }: { readonly region: string; readonly epoch: number }) => {
      this.#stream(region, epoch);
    },
    publish: async (batch: Batch) => this.#publish(batch),
    stored: async ({ region, epoch }: { readonly region: string; readonly epoch: number }) =>
      this.#stored(region, epoch),
    fetch: async () => this.#fetch(),
    acknowledge: async ({ stream, ids }: Pick<Delivery, 'stream' | 'ids'>) => this.#acknowledge(stream, ids),
  };

  #stream(region: string, epoch: number): Stream {
    const key = `${region} ${epoch}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = { region, epoch, messages: [], seen: new Map(), lastId: 0 };
      this.#streams.set(key, stream);
    }
    return stream;
  }

  #publish({ events, ...batch }: Batch): void {
    const stream = this.#stream(batch.region, batch.epoch);
    for (const event of events) {
      if (this.isFull) {
        this.#effects.count('broker full', batch.region);
        throw new BrokerError('the stream is full');
      }
      const id = messageId(batch.region, batch.epoch, event);
      const seenAt = stream.seen.get(id);
      if (seenAt !== undefined && this.#kernel.time - seenAt < DUPLICATE_MILLISECONDS) {
        this.#effects.count('message deduplicated', batch.region);
        continue;
      }
      stream.seen.set(id, this.#kernel.time);
      stream.lastId = ++this.#lastId;
      stream.messages.push({ id: this.#lastId, batch, event, inFlightUntil: 0, deliveries: 0 });
    }
    this.#wake();
  }

  #stored(region: string, epoch: number): StoredRange | 'empty' | undefined {
    const stream = this.#streams.get(`${region} ${epoch}`);
    const [first] = stream?.messages ?? [];
    if (stream === undefined || first === undefined) {
      return stream === undefined ? undefined : 'empty';
    }
    const last = stream.messages.find(({ id }) => id === stream.lastId);
    return { firstSeq: first.event.seq, lastSeq: last?.event.seq };
  }

  async #fetch(): Promise<readonly Delivery[]> {
    const deadline = this.#kernel.time + FETCH_MILLISECONDS;
    for (;;) {
      const deliveries = [...this.#streams].flatMap(([key, stream]) => this.#deliver(key, stream) ?? []);
      if (deliveries.length > 0 || this.#kernel.time >= deadline) {
        return deliveries;
      }
      await new Promise<void>((resolve) => {
        const timer = this.#kernel.schedule(Math.max(1, deadline - this.#kernel.time), wake);
        const waiting = this.#waiting;
        waiting.add(wake);
        function wake(): void {
          waiting.delete(wake);
          timer.cancel();
          resolve();
        }
      });
    }
  }

  /** The first messages that are not under way, as far as they follow on each other. */
  #deliver(key: string, { region, epoch, messages }: Stream): Delivery | undefined {
    const { time } = this.#kernel;
    const taken: Message[] = [];
    for (const message of messages) {
      if (message.inFlightUntil > time) {
        continue;
      }
      const last = taken.at(-1);
      if (taken.length === FETCH_MESSAGES || (last !== undefined && message.event.seq !== last.event.seq + 1)) {
        break;
      }
      taken.push(message);
    }
    const [first] = taken;
    if (first === undefined) {
      return undefined;
    }
    for (const message of taken) {
      message.inFlightUntil = time + this.#ackWaitMilliseconds;
      if (message.deliveries++ > 0) {
        this.#effects.count('message redelivered', region);
      }
    }
    const headSeq = Math.max(...taken.map(({ batch }) => batch.headSeq));
    const batch = { ...first.batch, headSeq, events: taken.map(({ event }) => event) };
    return { stream: key, region, epoch, ids: taken.map(({ id }) => id), batch };
  }

  #acknowledge(key: string, ids: readonly number[]): void {
    const stream = this.#streams.get(key);
    if (stream !== undefined) {
      stream.messages = stream.messages.filter(({ id }) => !ids.includes(id));
    }
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) {
      wake();
    }
  }
}
