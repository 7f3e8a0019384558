/** A process: it has clocks, random numbers and open files of its own, and can be paused, or killed wherever it waits. */
import { type Disk, type Environment, madeOnce, runIn } from '../../../src/shared/environment.ts';
import type { Clock } from './clock.ts';
import type { EventOwner, Kernel } from './kernel.ts';
import type { RandomStream } from './random-stream.ts';

/** Something that the operating system closes when a process ends. */
export interface Resource {
  close(): void;
}

export class SimulatedProcess implements EventOwner {
  readonly kernel: Kernel;
  readonly name: string;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly resources = new Set<Resource>();
  /** In virtual milliseconds, as all times here. */
  readonly startedAt: number;
  pausedUntil = 0;
  isAlive = true;
  /** Whether it has ended by itself. */
  hasEnded = false;
  /** What it has died of. */
  error: unknown;

  /** @param incarnation how often a process of this name has been started */
  constructor(
    kernel: Kernel,
    name: string,
    incarnation: number,
    { clock, diskOf }: { readonly clock: Clock; readonly diskOf: (process: SimulatedProcess) => Disk },
  ) {
    this.kernel = kernel;
    this.startedAt = kernel.time;
    this.name = name;
    this.clock = clock;
    const random = kernel.stream(`random numbers of ${name} ${incarnation}`);
    this.environment = environmentOf(this, random, diskOf(this));
  }

  /** Does something as this process. */
  enter<T>(action: () => T): T {
    return runIn(this.environment, action);
  }

  /** Starts the work of the process. */
  start(work: () => Promise<void>): void {
    this.kernel.schedule(
      0,
      () => {
        work().then(
          () => this.end(),
          (error: unknown) => this.end(error ?? new Error('rejected with nothing')),
        );
      },
      this,
    );
  }

  end(error?: unknown): void {
    if (!this.isAlive) {
      return;
    }
    this.hasEnded = true;
    this.error = error;
    this.#close();
  }

  /** Nothing that waits goes on, and everything that it has open is closed. */
  kill(): void {
    if (this.isAlive) {
      this.#close();
    }
  }

  pause(milliseconds: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.kernel.time + milliseconds);
  }

  /** Waits as this process: a killed one never goes on. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.kernel.schedule(milliseconds, resolve, this);
    });
  }

  #close(): void {
    this.isAlive = false;
    for (const resource of this.resources) {
      resource.close();
    }
    this.resources.clear();
  }
}

/** A promise that is never settled, for what a killed process waits for. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

function environmentOf(process: SimulatedProcess, random: RandomStream, disk: Disk): Environment {
  const { kernel, clock } = process;
  const locals = new Map<symbol, unknown>();
  const after = (milliseconds: number, action: () => void) =>
    kernel.schedule(clock.durationOf(milliseconds), action, process);
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const abort = () => {
          process.resources.delete(waiting);
          timer.cancel();
          reject(signal?.reason);
        };
        const timer = after(milliseconds, () => {
          process.resources.delete(waiting);
          waiting.close();
          resolve();
        });
        // a signal made of others is kept for as long as it has listeners, with all that these refer to
        const waiting: Resource = { close: () => signal?.removeEventListener('abort', abort) };
        if (signal !== undefined && process.isAlive) {
          signal.addEventListener('abort', abort, { once: true });
          process.resources.add(waiting);
        }
      }),
    setTimer(milliseconds, callback, { repeat = false } = {}) {
      // as real timers do, it waits for a millisecond at least
      const delay = Math.max(1, milliseconds);
      let timer = after(delay, fire);
      function fire(): void {
        if (repeat) {
          timer = after(delay, fire);
        }
        callback();
      }
      return () => timer.cancel();
    },
    random: () => random.next(),
    bytes: (count) => random.bytes(count),
    local: (key, make) => madeOnce(locals, key, make),
    disk,
  };
}
