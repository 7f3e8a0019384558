/**
 * Simulations over a real PostgreSQL server. Statements take real time, in which virtual time stands still, and the server decides by itself
 * which of several that wait goes first: the same seed gives another history each time.
 */
import { type Environment, environment } from '../../../../src/shared/environment.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { SimulatedProcess } from '../../kernel/simulated-process.ts';
import type { Fault, Plan } from '../../plan.ts';
import type { Effects } from '../effects.ts';
import type { DatabaseFiles } from '../files.ts';
import type { StatementFaults } from '../statement-faults.ts';
import { disownAll, own } from './clients.ts';
import { Mirror } from './mirror.ts';
import { ProcessClients, type ServerSide } from './process-clients.ts';
import type { Server } from './server.ts';
import { ServerDatabases } from './server-databases.ts';
import { UnderWay } from './under-way.ts';

/** The disk is that of the server, which has one for all. */
const ABSENT: readonly Fault['kind'][] = ['disk error', 'disk full'];

/** The plan without the faults that cannot happen to a server here, without loads of files, and without component lists. */
export function withoutAbsentFaults({ loads: _, lists: __, ...plan }: Plan): Plan {
  return { ...plan, faults: plan.faults.filter(({ kind }) => !ABSENT.includes(kind)) };
}

/** What a simulation knows of itself that the lane needs. */
export interface LaneWorld {
  readonly kernel: Kernel;
  readonly faults: StatementFaults;
  readonly effects: Effects;
  /** A transaction of the process is committed, and the oracles can see it. */
  committed(process: SimulatedProcess, database: string, tables: ReadonlySet<string> | undefined): void;
}

export class PostgresqlLane {
  readonly databases: ServerDatabases;
  readonly surroundings: UnderWay;
  readonly #server: Server;
  readonly #hosts = new Map<Environment, string>();
  readonly #clients: ProcessClients[] = [];
  #world: LaneWorld | undefined;
  /** Statements that have run. */
  statements = 0;

  private constructor(server: Server, databases: ServerDatabases) {
    this.#server = server;
    this.databases = databases;
    this.surroundings = new UnderWay(
      (backends) => server.waiting(backends),
      ({ role }) => this.#world?.effects.count('lock waited for', role),
    );
    databases.host = () => this.#hosts.get(environment());
    databases.break = (database) => {
      for (const clients of this.#clients) {
        clients.break(database);
      }
    };
  }

  /** @param files that mirror the databases */
  static async begin(server: Server, files: DatabaseFiles): Promise<PostgresqlLane> {
    return new PostgresqlLane(server, await ServerDatabases.make(server, new Mirror(files), files.names));
  }

  attach(world: LaneWorld): void {
    this.#world = world;
  }

  /** From now on, what the process connects to the server is known as its own. */
  adopt(process: SimulatedProcess): void {
    // a process has a limit of connections for each server, which it knows by its host
    const host = `${process.name.replaceAll(/\W/g, '-')}-${this.#hosts.size + 1}.simulated`;
    const clients = new ProcessClients(this.#serverSide(), process);
    this.#hosts.set(process.environment, host);
    this.#clients.push(clients);
    own(host, clients);
  }

  async end(): Promise<void> {
    disownAll();
    await this.databases.delete();
  }

  #serverSide(): ServerSide {
    const world = this.#world;
    const [first] = this.databases.names;
    if (world === undefined || first === undefined) {
      throw new Error('the lane belongs to no simulation');
    }
    const { kernel, faults, effects } = world;
    const { host, port } = this.#server.locationOf(first);
    const latency = kernel.stream(`latency of the server ${this.#hosts.size}`);
    const nameOf = new Map(this.databases.names.map((name) => [this.#server.database(name), name]));
    return {
      host,
      port,
      underWay: this.surroundings,
      faults,
      effects,
      latency: (mean) => latency.exponential(mean),
      isAway: (database) => this.databases.isAway(database),
      count: () => ++this.statements,
      committed: async (process, serverDatabase, tables) => {
        const name = nameOf.get(serverDatabase) ?? serverDatabase;
        await this.databases.refresh(name, tables);
        world.committed(process, name, tables);
      },
    };
  }
}
