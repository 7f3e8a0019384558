/** Watches states that a page shows live: they are read while a client follows them, and published when they change. */

import { Readable } from 'node:stream';
import type { WatchedState } from '../../config/route.ts';
import { setTimer } from '../../shared/environment.ts';
import { messageOf } from '../../shared/errors.ts';
import { EventLog, eventStream } from '../route/event-log.ts';

const INTERVAL_MILLISECONDS = 1000;

/** Published for a state that cannot be read, instead of an empty state. */
interface UnknownState {
  readonly error: string;
}

export class Watch {
  readonly #states: () => readonly WatchedState[];
  readonly #intervalMilliseconds: number;
  readonly #log = new EventLog();
  readonly #published = new Map<string, string>();
  #followers = 0;
  #reading: Promise<void> | undefined;

  /** @param states each is published as an event of its name */
  constructor(states: () => readonly WatchedState[], intervalMilliseconds = INTERVAL_MILLISECONDS) {
    this.#states = states;
    this.#intervalMilliseconds = intervalMilliseconds;
  }

  /** Starts with every known state, and ends with the signal. */
  stream(signal: AbortSignal): Readable {
    return Readable.from(this.#follow(signal));
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<string> {
    this.#followers++;
    this.#reading ??= this.#readWhileFollowed();
    try {
      yield* eventStream(this.#log, undefined, signal);
    } finally {
      this.#followers--;
    }
  }

  async #readWhileFollowed(): Promise<void> {
    try {
      while (this.#followers > 0) {
        await Promise.all(this.#states().map((state) => this.#publish(state)));
        const { promise, resolve } = Promise.withResolvers<void>();
        setTimer(this.#intervalMilliseconds, resolve, { unref: true });
        await promise;
      }
    } finally {
      this.#reading = undefined;
    }
  }

  async #publish({ name, read }: WatchedState): Promise<void> {
    const state = await read().catch((error: unknown): UnknownState => ({ error: messageOf(error) }));
    const text = JSON.stringify(state);
    if (this.#published.get(name) !== text) {
      this.#published.set(name, text);
      this.#log.add(name, state, () => true);
    }
  }
}
