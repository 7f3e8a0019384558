/** Events of something that runs, kept so that a stream of them can be taken up again: server-sent events with `Last-Event-ID`. */

import { Readable } from 'node:stream';
import { randomBytes, setTimer } from '../../shared/environment.ts';

export interface LoggedEvent {
  /** Its place in the log, from 1 on. */
  readonly number: number;
  readonly type: string;
  readonly data: unknown;
}

/** Beyond so many, the oldest are forgotten. */
const MAX_EVENTS = 10_000;

const NAME_BYTES = 6;

export class EventLog {
  readonly #name: string;
  #events: LoggedEvent[] = [];
  #next = 1;
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();

  /** @param name begins the ids of its events, so that those of another log, such as one before a restart, are not taken for its own */
  constructor(name = randomBytes(NAME_BYTES).toString('hex')) {
    this.#name = name;
  }

  /** @param replaces says the same more recently: an event of its type with this key is forgotten */
  add(type: string, data: unknown, replaces?: (earlier: unknown) => boolean): void {
    if (replaces !== undefined) {
      this.#events = this.#events.filter((one) => one.type !== type || !replaces(one.data));
    }
    this.#events.push({ number: this.#next++, type, data });
    if (this.#events.length > MAX_EVENTS) {
      this.#events.shift();
    }
    this.#wake();
  }

  /** The data of those events of a type that are kept. */
  ofType(type: string): readonly unknown[] {
    return this.#events.filter((one) => one.type === type).map(({ data }) => data);
  }

  /** No event comes any more. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  idOf({ number }: LoggedEvent): string {
    return `${this.#name}-${number}`;
  }

  /** @param id of the last event that was received @returns its place; 0 for none and for one of another log */
  placeOf(id = ''): number {
    const [, name, number] = /^(\w+)-(\d{1,15})$/.exec(id) ?? [];
    return name === this.#name ? Number(number) : 0;
  }

  /** Whether the event with this id was the last one of all. */
  isOver(id: string | undefined): boolean {
    return this.#hasEnded && (this.#events.at(-1)?.number ?? 0) <= this.placeOf(id);
  }

  /** Those after a place, until the end or the signal. `undefined` when none has come for some time. */
  async *after(place: number, signal: AbortSignal, idleMilliseconds: number): AsyncGenerator<LoggedEvent | undefined> {
    let last = place;
    while (!signal.aborted) {
      const changed = this.#changed.promise;
      for (const event of this.#events.filter(({ number }) => number > last)) {
        last = event.number;
        yield event;
      }
      if (this.#hasEnded && (this.#events.at(-1)?.number ?? 0) <= last) {
        return;
      }
      if (!(await changedWithin(changed, signal, idleMilliseconds))) {
        yield undefined;
      }
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

async function changedWithin(changed: Promise<void>, signal: AbortSignal, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const cancelTimer = setTimer(milliseconds, () => resolve(false));
  const stop = () => resolve(true);
  signal.addEventListener('abort', stop, { once: true });
  void changed.then(() => resolve(true));
  try {
    return await promise;
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', stop);
  }
}

export const EVENT_STREAM = 'text/event-stream';

/** Of each event of a stream. */
export const EVENT_SCHEMA = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    event: { type: 'string' },
    data: { type: 'string', description: 'JSON' },
    retry: { type: 'integer' },
  },
} as const;

/** A comment keeps proxies from closing a stream on which nothing happens. */
const IDLE_MILLISECONDS = 15_000;

/** @param lastEventId the header of a client that takes the stream up again */
export function eventStream(log: EventLog, lastEventId: string | undefined, signal: AbortSignal): Readable {
  return Readable.from(linesOf(log, log.after(log.placeOf(lastEventId), signal, IDLE_MILLISECONDS)));
}

async function* linesOf(log: EventLog, events: AsyncIterable<LoggedEvent | undefined>): AsyncGenerator<string> {
  yield 'retry: 1000\n\n';
  for await (const event of events) {
    // JSON has no line break
    yield event === undefined
      ? ':\n\n'
      : `id: ${log.idOf(event)}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`;
  }
}
