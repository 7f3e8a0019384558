/** The network between machines: messages are lost, late, doubled, out of order, or do not pass a cut link at all. */
import type { Kernel } from '../kernel/kernel.ts';
import type { RandomStream } from '../kernel/random-stream.ts';
import type { SimulatedProcess } from '../kernel/simulated-process.ts';
import type { Effects } from './effects.ts';

export interface NetworkSettings {
  /** Of each message, from 0 to 1. */
  readonly lossProbability: number;
  readonly duplicateProbability: number;
  /** How many messages take long. */
  readonly slowProbability: number;
  readonly meanMilliseconds: number;
  readonly slowMilliseconds: number;
}

export const CALM_NETWORK: NetworkSettings = {
  lossProbability: 0,
  duplicateProbability: 0,
  slowProbability: 0,
  meanMilliseconds: 2,
  slowMilliseconds: 0,
};

/** What a machine is reached by: a region, central, or the broker. */
export type Machine = string;

type Handler = (request: never) => Promise<unknown>;

/** Something that answers requests. */
export interface Service {
  /** Nothing for what is no process of Meridian, such as the broker. */
  readonly process: SimulatedProcess | undefined;
  readonly handlers: Readonly<Record<string, Handler>>;
}

export interface Call {
  readonly from: Machine;
  readonly to: Machine;
  readonly kind: string;
  readonly request: unknown;
  readonly timeoutMilliseconds: number;
}

/** No answer in time: it is not known whether the request has arrived. */
export class NoAnswerError extends Error {}

const MIN_MILLISECONDS = 0.2;

export class Network {
  settings: NetworkSettings;
  readonly #kernel: Kernel;
  readonly #effects: Effects;
  readonly #random: RandomStream;
  readonly #services = new Map<Machine, Service[]>();
  /** "from > to" of links that are cut. */
  readonly #cut = new Map<string, number>();
  #messages = 0;

  constructor(kernel: Kernel, settings: NetworkSettings, effects: Effects) {
    this.#kernel = kernel;
    this.settings = settings;
    this.#effects = effects;
    this.#random = kernel.stream('network');
  }

  get messages(): number {
    return this.#messages;
  }

  serve(machine: Machine, service: Service): void {
    this.#services.set(machine, [...this.#answering(machine), service]);
  }

  /** Whether a process answers there, however late. */
  isServed(machine: Machine): boolean {
    return this.#answering(machine).length > 0;
  }

  #answering(machine: Machine): Service[] {
    return (this.#services.get(machine) ?? []).filter(({ process }) => process?.isAlive !== false);
  }

  /** Lets nothing pass in one direction until {@link mend} or the end of the faults. */
  cut(from: Machine, to: Machine): void {
    const link = `${from} > ${to}`;
    this.#cut.set(link, (this.#cut.get(link) ?? 0) + 1);
  }

  mend(from: Machine, to: Machine): void {
    const link = `${from} > ${to}`;
    this.#cut.set(link, Math.max(0, (this.#cut.get(link) ?? 0) - 1));
  }

  calm(): void {
    this.settings = CALM_NETWORK;
    this.#cut.clear();
  }

  /** Asks a service as a process. @throws NoAnswerError; what the service throws, with the message only */
  call<T>(caller: SimulatedProcess, call: Call): Promise<T> {
    const { from, to, kind, timeoutMilliseconds } = call;
    return new Promise<T>((resolve, reject) => {
      const timer = this.#kernel.schedule(
        timeoutMilliseconds,
        () => reject(new NoAnswerError(`${to} did not answer within ${timeoutMilliseconds / 1000} seconds`)),
        caller,
      );
      const answer = (settle: () => void) =>
        this.#send(to, from, `answer to ${kind}`, () => {
          this.#kernel.schedule(
            0,
            () => {
              timer.cancel();
              settle();
            },
            caller,
          );
        });
      const deliver = () => {
        this.#handle(call).then(
          (value) => answer(() => resolve(value as T)),
          (error: unknown) => answer(() => reject(error)),
        );
      };
      this.#send(from, to, kind, deliver);
    });
  }

  #handle({ to, kind, request }: Call): Promise<unknown> {
    const alive = this.#answering(to);
    if (alive.length === 0) {
      this.#effects.count('message to a stopped process', kind);
      return new Promise(() => undefined);
    }
    const { process, handlers } = this.#random.pick(alive);
    const handler = handlers[kind] as ((given: unknown) => Promise<unknown>) | undefined;
    if (handler === undefined) {
      throw new Error(`${to} does not answer ${kind}`);
    }
    const given = structuredClone(request);
    return new Promise((resolve, reject) => {
      this.#kernel.schedule(0, () => handler(given).then(resolve, reject), process);
    });
  }

  #send(from: Machine, to: Machine, kind: string, deliver: () => void): void {
    const { lossProbability, duplicateProbability } = this.settings;
    this.#messages++;
    if (this.#random.chance(lossProbability)) {
      this.#effects.count('message lost', kind);
      return;
    }
    this.#schedule(from, to, kind, deliver);
    if (this.#random.chance(duplicateProbability)) {
      this.#effects.count('message doubled', kind);
      this.#schedule(from, to, kind, deliver);
    }
  }

  #schedule(from: Machine, to: Machine, kind: string, deliver: () => void): void {
    this.#kernel.schedule(this.#delay(), () => {
      if ((this.#cut.get(`${from} > ${to}`) ?? 0) > 0) {
        this.#effects.count('message on a cut link', kind);
        return;
      }
      deliver();
    });
  }

  #delay(): number {
    const { slowProbability, meanMilliseconds, slowMilliseconds } = this.settings;
    const mean = this.#random.chance(slowProbability) ? slowMilliseconds : meanMilliseconds;
    return MIN_MILLISECONDS + this.#random.exponential(mean);
  }
}
