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

/** What takes real time, such as the statements of a database server. */
export interface Surroundings {
  /** Until nothing is under way that ends without another event. */
  settle(): Promise<void>;
  /**
   * Called where virtual time is to pass until the next event.
   *
   * @returns the milliseconds that have passed; fewer than were asked for where something has ended meanwhile
   */
  pass(milliseconds: number): Promise<number>;
}

export class Kernel {
  readonly seed: number;
  readonly trace: Trace;
  readonly #events = new EventHeap<KernelEvent>();
  readonly #order: RandomStream;
  readonly #surroundings: Surroundings | undefined;
  #time = 0;
  #steps = 0;
  #waitedFor: Promise<void>[] = [];

  constructor(seed: number, trace: Trace, surroundings?: Surroundings) {
    this.seed = seed;
    this.trace = trace;
    this.#surroundings = surroundings;
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
    while (!isOver()) {
      const { next } = this.#events;
      const isDue = next !== undefined && next.at <= time;
      if (this.#surroundings !== undefined) {
        const gap = Math.max(0, (isDue ? next.at : time) - this.#time);
        const passed = await this.#surroundings.pass(gap);
        if (passed < gap) {
          this.#time += passed;
          await this.#settle();
          continue;
        }
      }
      if (!isDue) {
        this.#time = Math.max(this.#time, time);
        return;
      }
      this.#events.pop();
      await this.#run(next);
    }
  }

  /** Time stands still until the work of the event that runs is done; what it throws ends the simulation. */
  wait(work: Promise<void>): void {
    // it is looked at once the event has run
    work.catch(() => undefined);
    this.#waitedFor.push(work);
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
    await this.#settle();
  }

  async #settle(): Promise<void> {
    await idle();
    while (this.#waitedFor.length > 0) {
      await Promise.all(this.#waitedFor.splice(0));
      await idle();
    }
    await this.#surroundings?.settle();
  }
}

/** Requests to the file system that are under way. */
const OF_FILES = /^(FSReq|CloseReq)/;

/** Until no promise is left that could go on by itself, and no file is being read. */
async function idle(): Promise<void> {
  do {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  } while (process.getActiveResourcesInfo().some((name) => OF_FILES.test(name)));
}
