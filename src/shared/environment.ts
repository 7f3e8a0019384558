/**
 * What a program takes from its surroundings: clocks, timers, random bytes, the disk. Nothing else in `src` asks the runtime for them (the
 * linter sees to it), so several processes can run in one thread, each in an environment of its own and all of them in virtual time.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes as systemBytes } from 'node:crypto';
import { setTimeout as systemPause, setImmediate as systemTurn } from 'node:timers/promises';

export interface Environment {
  /** Milliseconds since 1970 (UTC), for what is shown or stored. This clock can be put forward or back, so no duration is measured by it. */
  now(): number;
  /** Milliseconds since an arbitrary moment, never fewer than before: for durations. */
  monotonic(): number;
  /**
   * @param milliseconds 0 waits for one turn of the event loop
   * @throws the reason of the signal, as soon as it is aborted
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` later. @returns cancels it */
  setTimer(milliseconds: number, callback: () => void, options?: TimerOptions): () => void;
  /** At least 0 and less than 1. */
  random(): number;
  /** Random bytes that cannot be guessed. */
  bytes(count: number): Uint8Array;
  /** A value of which each environment has its own, made when it is first asked for: what would otherwise be a variable of a module. */
  local<T>(key: symbol, make: () => T): T;
  /** Where none is given, statements run without a detour. */
  readonly disk?: Disk;
}

export interface TimerOptions {
  /** Calls again and again, each time after the same time. */
  readonly repeat?: boolean;
  /** Whether the process may end before the call. */
  readonly unref?: boolean;
}

/** Stands between SQLite files and those that use them. A connection belongs to the disk of the environment in which it is opened. */
export interface Disk {
  /**
   * Called once for each connection, before its first statement.
   *
   * @param waitMilliseconds how long a statement is to wait for a lock, as long as `pragma busy_timeout` does not say otherwise: SQLite itself
   * waits for none
   */
  opened(connection: DiskConnection, waitMilliseconds: number): void;
  /**
   * Runs a statement: may call `run` at any time, several times or never, throw an error of SQLite instead, or never settle. Each statement
   * passes here, `begin`, `commit` and `rollback` included, except the pragmas that set up a connection.
   */
  execute<T>(connection: DiskConnection, sql: string, run: () => Promise<T>): Promise<T>;
}

/** A connection of better-sqlite3. */
export interface DiskConnection {
  /** The path of the file. */
  readonly name: string;
  readonly inTransaction: boolean;
  /** What is not committed is gone. */
  close(): unknown;
  /** Defines a function of SQL, such as one that asks for the time. */
  function(
    name: string,
    options: { readonly varargs?: boolean; readonly deterministic?: boolean },
    implementation: (...values: unknown[]) => unknown,
  ): unknown;
}

const values = new Map<symbol, unknown>();

/** Of the runtime and the operating system. @internal exported for tests */
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

/** The one that {@link runIn} has entered, or else the real one. */
export function environment(): Environment {
  return entered.getStore() ?? realEnvironment;
}

/** Calls `action` in an environment, which holds for what it awaits and for timers that it sets as well. @internal exported for tests */
export function runIn<T>(given: Environment, action: () => T): T {
  return entered.run(given, action);
}

export function currentTime(): Date {
  return new Date(environment().now());
}

/** Many times are written in the same millisecond. */
let written = { milliseconds: Number.NaN, text: '' };

/** The current time in UTC as ISO 8601, with milliseconds. */
export function timestamp(): string {
  const milliseconds = environment().now();
  if (milliseconds !== written.milliseconds) {
    written = { milliseconds, text: new Date(milliseconds).toISOString() };
  }
  return written.text;
}

/** Milliseconds since an arbitrary moment, never fewer than before: for durations. */
export function monotonic(): number {
  return environment().monotonic();
}

/** See {@link Environment.sleep}. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return environment().sleep(milliseconds, signal);
}

/** Lets signals, timers and other work go first. */
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
