/** Runs the services of modules beside the requests of a server. One that fails is started again. */
import type { Service, ServiceControl, ServiceOutput } from '../config/service.ts';
import { wait } from '../shared/async/wait.ts';
import { MeridianError, messageOf } from '../shared/errors.ts';

export interface ServiceState {
  readonly service: string;
  readonly state: 'running' | 'failing' | 'stopped';
  /** Why it failed, and is to be started again. */
  readonly reason: string | null;
}

const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

export class Services {
  readonly #output: ServiceOutput;
  readonly #services = new Map<string, RepeatedService>();

  constructor(output: ServiceOutput) {
    this.#output = output;
  }

  offer(service: Service): ServiceControl {
    const repeated = new RepeatedService(service, this.#output);
    this.#services.set(service.name, repeated);
    return repeated;
  }

  /** @throws MeridianError `usage` for a name that no service has */
  refuseUnknown(names: readonly string[]): void {
    const unknown = names.find((name) => !this.#services.has(name));
    if (unknown !== undefined) {
      const known = [...this.#services.keys()].join(', ');
      const advice = known === '' ? 'No module of the config has one.' : `Those of the modules are ${known}.`;
      throw new MeridianError('usage', `There is no service "${unknown}" to run. ${advice}`);
    }
  }

  start(names: readonly string[]): void {
    for (const name of names) {
      this.#services.get(name)?.start();
    }
  }

  /** For good. */
  async stop(): Promise<void> {
    await Promise.all([...this.#services.values()].map((one) => one.end()));
  }

  states(): readonly ServiceState[] {
    return [...this.#services].map(([service, { isRunning, error: reason }]) => ({
      service,
      state: reason !== null ? 'failing' : isRunning ? 'running' : 'stopped',
      reason,
    }));
  }
}

class RepeatedService implements ServiceControl {
  readonly #service: Service;
  readonly #output: ServiceOutput;
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  #hasEnded = false;
  #error: string | null = null;

  constructor(service: Service, output: ServiceOutput) {
    this.#service = service;
    this.#output = output;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get error(): string | null {
    return this.#error;
  }

  start(): void {
    if (this.#running === undefined && !this.#hasEnded) {
      const stop = new AbortController();
      this.#running = { stop, ended: this.#repeat(stop.signal) };
    }
  }

  async stop(): Promise<void> {
    const running = this.#running;
    running?.stop.abort();
    await running?.ended;
    if (this.#running === running) {
      this.#running = undefined;
      this.#error = null;
    }
  }

  /** It is not started again. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.stop();
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
