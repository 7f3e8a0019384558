/** Events of something that runs, kept so that a stream of them can be taken up again: server-sent events with `Last-Event-ID`. */

import { Readable } from 'node:stream';
import { setTimer } from '../../shared/environment.ts';

export interface LoggedEvent {
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
}

/** Beyond so many, the oldest are forgotten. */
const MAX_EVENTS = 10_000;

export class EventLog {
  #events: LoggedEvent[] = [];
  #next = 1;
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();

  /** @param replaces says the same more recently: an event of its type with this key is forgotten */
  add(type: string, data: unknown, replaces?: (earlier: unknown) => boolean): void {
    if (replaces !== undefined) {
      this.#events = this.#events.filter((one) => one.type !== type || !replaces(one.data));
    }
    this.#events.push({ id: this.#next++, type, data });
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

  /** Those after an id, until the end or the signal. `undefined` when none has come for some time. */
  async *after(id: number, signal: AbortSignal, idleMilliseconds: number): AsyncGenerator<LoggedEvent | undefined> {
    let last = id;
    while (!signal.aborted) {
      const changed = this.#changed.promise;
      for (const event of this.#events.filter((one) => one.id > last)) {
        last = event.id;
        yield event;
      }
      if (this.#hasEnded && (this.#events.at(-1)?.id ?? 0) <= last) {
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
  const last = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
  return Readable.from(linesOf(log.after(last, signal, IDLE_MILLISECONDS)));
}

async function* linesOf(events: AsyncIterable<LoggedEvent | undefined>): AsyncGenerator<string> {
  yield 'retry: 1000\n\n';
  for await (const event of events) {
    // JSON has no line break
    yield event === undefined
      ? ':\n\n'
      : `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`;
  }
}
