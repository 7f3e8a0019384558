/**
 * The side effects of a program: clocks, timers, random bytes, the disk. Nothing else in `src` asks the runtime for them (a lint rule
 * enforces this), so several processes can run in one thread, each in its own environment and all of them in virtual time.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes as systemBytes } from 'node:crypto';
import { setTimeout as systemPause, setImmediate as systemTurn } from 'node:timers/promises';

export interface Environment {
  /** Milliseconds since 1970 (UTC), for times that are shown or stored. This clock can jump; measure durations with `monotonic`. */
  now(): number;
  /** Milliseconds since an arbitrary moment, never decreasing: for durations. */
  monotonic(): number;
  /**
   * @param milliseconds 0 waits for one turn of the event loop
   * @throws the reason of the signal as soon as it is aborted
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` later. @returns a function that cancels the call */
  setTimer(milliseconds: number, callback: () => void, options?: TimerOptions): () => void;
  /** At least 0 and less than 1. */
  random(): number;
  /** Random bytes that cannot be guessed. */
  bytes(count: number): Uint8Array;
  /** A value of this environment, made on first use: the counterpart of a module variable. */
  local<T>(key: symbol, make: () => T): T;
  /** Without one, statements run directly. */
  readonly disk?: Disk;
}

export interface TimerOptions {
  /** Whether to call repeatedly, with the same interval. */
  readonly repeat?: boolean;
  /** Whether the process may end before the call. */
  readonly unref?: boolean;
}

/** Intercepts the statements on SQLite files. A connection belongs to the disk of the environment in which it is opened. */
export interface Disk {
  /**
   * Called once for each connection, before its first statement.
   *
   * @param waitMilliseconds how long a statement waits for a lock unless `pragma busy_timeout` changes it: SQLite itself does not wait
   */
  opened(connection: DiskConnection, waitMilliseconds: number): void;
  /**
   * Runs a statement: may call `run` at any time, several times or never, throw an SQLite error instead, or never settle. Called for each
   * statement, including `begin`, `commit` and `rollback`, except the pragmas that set up a connection.
   */
  execute<T>(connection: DiskConnection, sql: string, run: () => Promise<T>): Promise<T>;
}

/** A connection of better-sqlite3. */
export interface DiskConnection {
  /** The path of the file. */
  readonly name: string;
  readonly inTransaction: boolean;
  /** Discards uncommitted changes. */
  close(): unknown;
  /** Defines an SQL function, such as one that returns the time. */
  function(
    name: string,
    options: { readonly varargs?: boolean; readonly deterministic?: boolean },
    implementation: (...values: unknown[]) => unknown,
  ): unknown;
}

const values = new Map<symbol, unknown>();

/** The environment of the runtime and the operating system. @internal exported for tests */
export const realEnvironment: Environment = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(milliseconds, signal) {
    const options = signal === undefined ? {} : { signal };
    try {
      await (milliseconds === 0 ? systemTurn(undefined, options) : systemPause(milliseconds, undefined, options));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  setTimer(milliseconds, callback, { repeat = false, unref = false } = {}) {
    const timer = repeat ? setInterval(callback, milliseconds) : setTimeout(callback, milliseconds);
    if (unref) {
      timer.unref();
    }
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  bytes: (count) => systemBytes(count),
  local: (key, make) => madeOnce(values, key, make),
};

/** For {@link Environment.local}. @internal exported for tests */
export function madeOnce<T>(values: Map<symbol, unknown>, key: symbol, make: () => T): T {
  if (!values.has(key)) {
    values.set(key, make());
  }
  return values.get(key) as T;
}

const entered = new AsyncLocalStorage<Environment>();

/** The environment that {@link runIn} has entered, else the real one. */
export function environment(): Environment {
  return entered.getStore() ?? realEnvironment;
}

/**
 * Calls `action` in an environment, which also applies to what `action` awaits and to the timers that it sets. @internal exported for tests
 */
export function runIn<T>(given: Environment, action: () => T): T {
  return entered.run(given, action);
}

export function currentTime(): Date {
  return new Date(environment().now());
}

/** The last timestamp: many are written in the same millisecond. */
let written = { milliseconds: Number.NaN, text: '' };

/** The current time in UTC as ISO 8601, with milliseconds. */
export function timestamp(): string {
  const milliseconds = environment().now();
  if (milliseconds !== written.milliseconds) {
    written = { milliseconds, text: new Date(milliseconds).toISOString() };
  }
  return written.text;
}

/** Milliseconds since an arbitrary moment, never decreasing: for durations. */
export function monotonic(): number {
  return environment().monotonic();
}

/** See {@link Environment.sleep}. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return environment().sleep(milliseconds, signal);
}

/** Lets pending signals, timers and other work run first. */
export function nextTurn(): Promise<void> {
  return environment().sleep(0);
}

/** See {@link Environment.setTimer}. */
export function setTimer(milliseconds: number, callback: () => void, options?: TimerOptions): () => void {
  return environment().setTimer(milliseconds, callback, options);
}

/** At least 0 and less than 1. */
export function random(): number {
  return environment().random();
}

/** See {@link Environment.bytes}. */
export function randomBytes(count: number): Buffer {
  return Buffer.from(environment().bytes(count));
}
