/** Logs of events, kept so that a client can resume a stream of them: server-sent events with `Last-Event-ID`. */

import { Readable } from 'node:stream';
import { randomBytes, setTimer } from '../../shared/environment.ts';

export interface LoggedEvent {
  /** The sequence number in the log, from 1. */
  readonly number: number;
  readonly type: string;
  readonly data: unknown;
}

/** Beyond this number, the oldest events are deleted. */
const MAX_EVENTS = 10_000;

const NAME_BYTES = 6;

export class EventLog {
  readonly #name: string;
  #events: LoggedEvent[] = [];
  #next = 1;
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();

  /** @param name the prefix of event ids, which distinguishes them from those of another log, such as one before a restart */
  constructor(name = randomBytes(NAME_BYTES).toString('hex')) {
    this.#name = name;
  }

  /** @param replaces whether the new event supersedes the data of an earlier one of the same type, which is then deleted */
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

  /** The data of the kept events of a type. */
  ofType(type: string): readonly unknown[] {
    return this.#events.filter((one) => one.type === type).map(({ data }) => data);
  }

  /** Ends the log: no more events follow. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  idOf({ number }: LoggedEvent): string {
    return `${this.#name}-${number}`;
  }

  /** @param id of the last received event @returns its number; 0 without an id, and for an id of another log */
  numberOf(id = ''): number {
    const [, name, number] = /^(\w+)-(\d{1,15})$/.exec(id) ?? [];
    return name === this.#name ? Number(number) : 0;
  }

  /** Whether the log has ended with the event of this id. */
  isOver(id: string | undefined): boolean {
    return this.#hasEnded && (this.#events.at(-1)?.number ?? 0) <= this.numberOf(id);
  }

  /**
   * Yields the events after a number, until the log ends or the signal is aborted, and `undefined` when there was no event for some time.
   */
  async *after(start: number, signal: AbortSignal, idleMilliseconds: number): AsyncGenerator<LoggedEvent | undefined> {
    let last = start;
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

/** The schema of each event of a stream. */
export const EVENT_SCHEMA = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    event: { type: 'string' },
    data: { type: 'string', description: 'JSON' },
    retry: { type: 'integer' },
  },
} as const;

/** The interval of comments, which keep proxies from closing an idle stream. */
const IDLE_MILLISECONDS = 15_000;

/** @param lastEventId the header of a client that resumes the stream */
export function eventStream(log: EventLog, lastEventId: string | undefined, signal: AbortSignal): Readable {
  return Readable.from(linesOf(log, log.after(log.numberOf(lastEventId), signal, IDLE_MILLISECONDS)));
}

async function* linesOf(log: EventLog, events: AsyncIterable<LoggedEvent | undefined>): AsyncGenerator<string> {
  yield 'retry: 1000\n\n';
  for await (const event of events) {
    // JSON without indentation has no line breaks
    yield event === undefined
      ? ':\n\n'
      : `id: ${log.idOf(event)}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`;
  }
}
