/** Virtual time: runs one event after the other, each until nothing of it is left to do but to wait for another event. */
import process from 'node:process';
import { setImmediate } from 'node:timers';
import { EventHeap, type ScheduledEvent } from './event-heap.ts';
import { RandomStream } from './random-stream.ts';
import { Trace } from './trace.ts';

/** What an event belongs to that does not run when that is gone. */
export interface EventOwner {
  readonly isAlive: boolean;
  /** In virtual milliseconds. */
  readonly pausedUntil: number;
  enter<T>(action: () => T): T;
}

interface KernelEvent extends ScheduledEvent {
  /** Nothing for an event of the simulation itself. */
  readonly owner: EventOwner | undefined;
  readonly action: () => void;
}

export interface Scheduled {
  cancel(): void;
}

export class Kernel {
  readonly seed: number;
  readonly trace: Trace;
  readonly #events = new EventHeap<KernelEvent>();
  readonly #order: RandomStream;
  #time = 0;
  #steps = 0;

  constructor(seed: number, trace: Trace) {
    this.seed = seed;
    this.trace = trace;
    this.#order = new RandomStream(seed, 'order of events');
  }

  /** Virtual milliseconds since the simulation began. */
  get time(): number {
    return this.#time;
  }

  /** Events that have run. */
  get steps(): number {
    return this.#steps;
  }

  stream(purpose: string): RandomStream {
    return new RandomStream(this.seed, purpose);
  }

  /** Runs the action after the time; for an owner, only if that is alive then, and once it is not paused any more. */
  schedule(milliseconds: number, action: () => void, owner?: EventOwner): Scheduled {
    const event: KernelEvent = {
      at: this.#time + Math.max(0, milliseconds),
      tie: this.#order.next(),
      isCancelled: false,
      owner,
      action,
    };
    this.#events.push(event);
    return {
      cancel: () => {
        event.isCancelled = true;
      },
    };
  }

  /** For the simulation itself; a process has a `sleep` of its own. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(milliseconds, resolve);
    });
  }

  /** Runs the events up to a time, or until `isOver` says so. */
  async runUntil(time: number, isOver: () => boolean = () => false): Promise<void> {
    for (let { next } = this.#events; next !== undefined && next.at <= time; { next } = this.#events) {
      if (isOver()) {
        return;
      }
      this.#events.pop();
      await this.#run(next);
    }
    this.#time = Math.max(this.#time, time);
  }

  async #run(event: KernelEvent): Promise<void> {
    const { owner, at } = event;
    if (event.isCancelled || owner?.isAlive === false) {
      return;
    }
    if (owner !== undefined && owner.pausedUntil > at) {
      this.#events.push({ ...event, at: owner.pausedUntil });
      return;
    }
    this.#time = Math.max(this.#time, at);
    this.#steps++;
    if (owner === undefined) {
      event.action();
    } else {
      owner.enter(event.action);
    }
    await idle();
  }
}

/** Until no promise is left that could go on by itself, and no file is being read. */
async function idle(): Promise<void> {
  do {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  } while (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq')));
}
