/** A service that is restarted when it fails, and never runs twice at a time. */
import type { Service, ServiceControl, ServiceOutput } from '../config/service.ts';
import { wait } from '../shared/async/wait.ts';
import { messageOf } from '../shared/errors.ts';

const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/**
 * - `stopping`: it finishes its current work, and is then stopped
 * - `restarting`: it finishes its current work, and then runs again
 * - `ending`: it finishes its current work, and never runs again
 */
type State = 'stopped' | 'running' | 'stopping' | 'restarting' | 'ending' | 'over';

/** `finished`: a run has returned, by itself or because it was stopped. */
type Event = 'start' | 'stop' | 'end' | 'finished';

/** State transitions. An event that a state does not list has no effect. */
const NEXT: Readonly<Record<State, Readonly<Partial<Record<Event, State>>>>> = {
  stopped: { start: 'running', end: 'over' },
  running: { stop: 'stopping', end: 'ending', finished: 'stopped' },
  stopping: { start: 'restarting', end: 'ending', finished: 'stopped' },
  restarting: { stop: 'stopping', end: 'ending', finished: 'running' },
  ending: { finished: 'over' },
  over: {},
};

interface Run {
  readonly stop: AbortController;
  readonly finished: Promise<void>;
}

export class RepeatedService implements ServiceControl {
  readonly #service: Service;
  readonly #output: ServiceOutput;
  #state: State = 'stopped';
  /** The last run. */
  #run: Run | undefined;
  #error: string | null = null;

  constructor(service: Service, output: ServiceOutput) {
    this.#service = service;
    this.#output = output;
  }

  get isRunning(): boolean {
    return this.#state !== 'stopped' && this.#state !== 'over';
  }

  get error(): string | null {
    return this.#error;
  }

  start(): void {
    this.#happens('start');
  }

  async stop(): Promise<void> {
    this.#happens('stop');
    await this.#run?.finished;
  }

  /** Stops the service for good. */
  async end(): Promise<void> {
    this.#happens('end');
    await this.#run?.finished;
  }

  #happens(event: Event): void {
    const before = this.#state;
    this.#state = NEXT[before][event] ?? before;
    if (event === 'finished') {
      this.#error = null;
    } else if (before === 'running' && this.#state !== 'running') {
      this.#run?.stop.abort();
    }
    if (before !== 'running' && this.#state === 'running') {
      const stop = new AbortController();
      this.#run = { stop, finished: this.#repeat(stop.signal).finally(() => this.#happens('finished')) };
    }
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    const { name, run } = this.#service;
    for (
      let pause = FIRST_PAUSE_MILLISECONDS;
      !signal.aborted;
      pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS)
    ) {
      try {
        await run(signal, this.#output, () => {
          this.#error = null;
        });
        return;
      } catch (error) {
        this.#error = messageOf(error);
        this.#output.retrying(`${name}: ${this.#error}`, pause);
      }
      await wait(pause, signal);
    }
  }
}
