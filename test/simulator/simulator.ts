/** Runs plans, one after the other, in a folder of its own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemplates } from './parts/files.ts';
import { withoutAbsentFaults } from './parts/postgresql/lane.ts';
import { Server } from './parts/postgresql/server.ts';
import type { Plan } from './plan.ts';
import { type Result, simulate } from './simulate.ts';
import { REGIONS } from './swarm.ts';

/** A folder in memory, where there is one: a simulation syncs at every commit. */
const MEMORY_FOLDER = '/dev/shm';

export class Simulator {
  readonly #folder: string;
  readonly #server: Server | undefined;

  private constructor(folder: string, server: Server | undefined) {
    this.#folder = folder;
    this.#server = server;
  }

  /**
   * Migrates the databases that each simulation begins with.
   *
   * @param serverUrl of a superuser of a PostgreSQL server, without a database, which has the databases instead of SQLite files
   */
  static async open(serverUrl?: string): Promise<Simulator> {
    const base = existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir();
    const server = serverUrl === undefined ? undefined : await Server.open(serverUrl, REGIONS);
    const simulator = new Simulator(mkdtempSync(join(base, 'meridian-simulator-')), server);
    await makeTemplates(simulator.#templates, REGIONS);
    return simulator;
  }

  get #templates(): string {
    return join(this.#folder, 'templates');
  }

  /** @param options `keepsLines` to have every statement in the result */
  run(plan: Plan, options: { readonly keepsLines?: boolean } = {}): Promise<Result> {
    return simulate(this.#server === undefined ? plan : withoutAbsentFaults(plan), {
      templates: this.#templates,
      folder: join(this.#folder, 'world'),
      server: this.#server,
      ...options,
    });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Drops the databases of the server as well. */
  async end(): Promise<void> {
    this.close();
    await this.#server?.close();
  }
}
