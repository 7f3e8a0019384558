/** The machines of a simulation: what runs on them, what they are connected by, and what they store. */
import { pid } from 'node:process';
import { type DatabaseOptions } from '../../src/database/database.ts';
import { MeridianError, messageOf } from '../../src/shared/errors.ts';
import type { Component } from '../../src/shop/documents/store.ts';
import { Clock } from './kernel/clock.ts';
import { Kernel } from './kernel/kernel.ts';
import { SimulatedProcess } from './kernel/simulated-process.ts';
import { Trace } from './kernel/trace.ts';
import { Answers } from './parts/answers.ts';
import { Broker } from './parts/broker.ts';
import type { Databases } from './parts/databases.ts';
import { Disk } from './parts/disk.ts';
import { Effects } from './parts/effects.ts';
import type { DatabaseFiles } from './parts/files.ts';
import { Network } from './parts/network.ts';
import type { PostgresqlLane } from './parts/postgresql/lane.ts';
import { StatementFaults } from './parts/statement-faults.ts';
import type { Connection } from './parts/transports.ts';
import { Views } from './parts/views.ts';
import { BROKER, CENTRAL, type Plan, regionOfDatabase } from './plan.ts';

/** After which a process that could not go on is started again. */
const RESTART_MILLISECONDS = 500;

const OWN_PROCESS = `process ${pid}`;

/** What a process does, from its start until it ends or is killed. */
export type Program = (world: World, process: SimulatedProcess) => Promise<void>;

/** A process that is started again whenever it has been killed. */
export interface Installed {
  readonly name: string;
  readonly machine: string;
  /** The databases that it keeps open: it is stopped while one of them is restored. */
  readonly databases: readonly string[];
  readonly program: Program;
  /** Whether it need not be started again once it has ended by itself; if it is not said, it need not. */
  readonly isDone?: (world: World) => boolean;
}

export interface CommitListener {
  /** A transaction of the process is committed. */
  committed(process: SimulatedProcess, database: string, tables: ReadonlySet<string> | undefined): void;
  /** The database is an earlier state of itself now. */
  restored(database: string): void;
}

export class World {
  readonly plan: Plan;
  readonly kernel: Kernel;
  readonly trace: Trace;
  readonly effects = new Effects();
  /** When a database was last put back to an earlier state. */
  putBackAt: number | undefined;
  readonly databases: Databases;
  /** What is committed. */
  readonly views: Views;
  readonly network: Network;
  readonly broker: Broker;
  readonly disk: Disk;
  readonly answers = new Answers();
  /** Region -> the relay that published last. */
  readonly publishers = new Map<string, SimulatedProcess>();
  /** Product -> what it was last acknowledged to be made of. */
  readonly componentLists = new Map<number, readonly Component[]>();
  /** What has gone wrong that no oracle looks for: a program that died of an unexpected error. */
  readonly unexpected: string[] = [];
  readonly #clocks = new Map<string, Clock>();
  readonly #installed = new Map<string, Installed>();
  readonly #running = new Map<string, SimulatedProcess>();
  readonly #incarnations = new Map<string, number>();
  /** Names of processes -> how many operators keep them stopped. */
  readonly #stopped = new Map<string, number>();
  readonly #reasons = new Map<string, number>();
  readonly #lane: PostgresqlLane | undefined;
  readonly #files: DatabaseFiles;
  #listener: CommitListener = { committed: () => undefined, restored: () => undefined };

  /** @param lane of the server that has the databases, which the files only mirror; without one, the files are the databases */
  constructor(plan: Plan, files: DatabaseFiles, trace: Trace, lane?: PostgresqlLane) {
    this.plan = plan;
    this.#files = files;
    this.databases = lane?.databases ?? files;
    this.trace = trace;
    this.views = new Views(files);
    this.kernel = new Kernel(plan.seed, trace, lane?.surroundings);
    this.network = new Network(this.kernel, plan.network, this.effects);
    this.broker = new Broker(this.kernel, this.effects, plan.settings.ackWaitSeconds);
    this.network.serve(BROKER, { process: undefined, handlers: this.broker.handlers });
    const nameOf = new Map(files.names.map((name) => [files.file(name), name]));
    const faults = new StatementFaults(this.effects);
    this.disk = new Disk(this.kernel, faults, this.effects, {
      committed: (process, file, tables) => this.#listener.committed(process, nameOf.get(file) ?? file, tables),
    });
    this.#lane = lane;
    lane?.attach({
      kernel: this.kernel,
      faults,
      effects: this.effects,
      committed: (process, database, tables) => this.#listener.committed(process, database, tables),
    });
  }

  /** Statements that have run. */
  get statements(): number {
    return this.#lane?.statements ?? this.disk.statements;
  }

  /** Where a server may have committed what no process was answered any more, it is looked at. */
  async refresh(): Promise<void> {
    await this.#lane?.databases.refreshAll();
  }

  listen(listener: CommitListener): void {
    this.#listener = listener;
  }

  /** The database is an earlier state of itself now. */
  restored(database: string): void {
    this.#listener.restored(database);
    this.expectEpoch(regionOfDatabase(database));
  }

  /** A new epoch of the region, or of any, may be needed from now on. */
  expectEpoch(region?: string): void {
    for (const one of region === undefined ? this.plan.regions : [region]) {
      this.#reasons.set(one, this.reasonsForEpochs(one) + 1);
    }
  }

  /** How many new epochs of the region what has happened can explain. */
  reasonsForEpochs(region: string): number {
    return this.#reasons.get(region) ?? 0;
  }

  clockOf(machine: string): Clock {
    let clock = this.#clocks.get(machine);
    if (clock === undefined) {
      const { offset, drift } = this.plan.clocks[machine] ?? { offset: 0, drift: 0 };
      clock = new Clock(() => this.kernel.time, offset, drift);
      this.#clocks.set(machine, clock);
    }
    return clock;
  }

  connectionOf(process: SimulatedProcess): Connection {
    return { network: this.network, process, machine: this.machineOf(process.name) };
  }

  machineOf(name: string): string {
    return this.#installed.get(name)?.machine ?? CENTRAL;
  }

  /** A folder for files that are no databases. */
  folder(name: string): string {
    return this.#files.folder(name);
  }

  databaseOptions(name: string): DatabaseOptions {
    return this.databases.options(name);
  }

  /** Starts a program, now and whenever it has been killed. */
  install(installed: Installed): void {
    this.#installed.set(installed.name, installed);
    this.start(installed.name);
  }

  get installed(): readonly Installed[] {
    return [...this.#installed.values()];
  }

  /** The running process of a name. */
  running(name: string): SimulatedProcess | undefined {
    const process = this.#running.get(name);
    return process?.isAlive ? process : undefined;
  }

  /** The last process of each name, whether it still runs or not. */
  get processes(): readonly SimulatedProcess[] {
    return [...this.#running.values()];
  }

  start(name: string): void {
    const installed = this.#installed.get(name);
    const last = this.#running.get(name);
    if (installed === undefined || last?.isAlive || (this.#stopped.get(name) ?? 0) > 0) {
      return;
    }
    if (last?.hasEnded && last.error === undefined && installed.isDone?.(this) !== false) {
      // it has done all its work
      return;
    }
    this.#run(name, installed.machine, installed.program);
  }

  /** Runs a program once, under a name of its own. */
  runOnce(name: string, machine: string, program: Program): SimulatedProcess {
    return this.#run(name, machine, program);
  }

  #run(name: string, machine: string, program: Program): SimulatedProcess {
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    const process = new SimulatedProcess(this.kernel, name, incarnation, {
      clock: this.clockOf(machine),
      diskOf: (of) => this.disk.of(of),
    });
    this.#lane?.adopt(process);
    this.#running.set(name, process);
    this.show(name, 'started', incarnation === 1 ? 'started' : `started again (${incarnation})`);
    process.start(async () => {
      try {
        await program(this, process);
      } catch (error) {
        this.#died(name, error);
        throw error;
      }
    });
    return process;
  }

  /** A process that could not go on is started again, as a service manager does. */
  #died(name: string, error: unknown): void {
    this.show(name, 'died', messageOf(error));
    if (!(error instanceof MeridianError) || error.code === 'program') {
      this.unexpected.push(`${name} died: ${(error as Error).stack ?? error}`);
    }
    this.kernel.schedule(RESTART_MILLISECONDS, () => this.start(name));
  }

  /** Ends a process at once, whatever it is doing, and starts it again later. */
  kill(name: string, restartMilliseconds: number, why: string): void {
    const process = this.running(name);
    if (process !== undefined) {
      this.show(name, 'killed', why, { until: this.kernel.time + restartMilliseconds });
      process.kill();
    }
    this.kernel.schedule(restartMilliseconds, () => this.start(name));
  }

  /** Keeps a process from being started until {@link release}. */
  hold(name: string): void {
    this.#stopped.set(name, (this.#stopped.get(name) ?? 0) + 1);
  }

  release(name: string): void {
    this.#stopped.set(name, Math.max(0, (this.#stopped.get(name) ?? 0) - 1));
  }

  /** Starts whatever does not run, and holds nothing back any more. */
  startAll(): void {
    this.#stopped.clear();
    for (const name of this.#installed.keys()) {
      this.start(name);
    }
  }

  killAll(): void {
    for (const process of this.#running.values()) {
      process.kill();
    }
  }

  /** An entry for the report. */
  show(lane: string, kind: string, text: string, data?: Readonly<Record<string, unknown>>): void {
    // the process that runs the simulation is another one each time
    const shown = text.replaceAll(OWN_PROCESS, 'this process');
    this.trace.show({ at: this.kernel.time, lane, kind, text: shown, ...(data === undefined ? {} : { data }) });
  }

  close(): void {
    this.killAll();
    this.views.close();
  }
}
