/** Runs plans, one after the other, in a folder of its own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemplates } from './parts/files.ts';
import type { Plan } from './plan.ts';
import { type Result, simulate } from './simulate.ts';
import { REGIONS } from './swarm.ts';

/** A folder in memory, where there is one: a simulation syncs at every commit. */
const MEMORY_FOLDER = '/dev/shm';

export class Simulator {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Migrates the databases that each simulation begins with. */
  static async open(): Promise<Simulator> {
    const base = existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir();
    const simulator = new Simulator(mkdtempSync(join(base, 'meridian-simulator-')));
    await makeTemplates(simulator.#templates, REGIONS);
    return simulator;
  }

  get #templates(): string {
    return join(this.#folder, 'templates');
  }

  /** @param options `keepsLines` to have every statement in the result */
  run(plan: Plan, options: { readonly keepsLines?: boolean } = {}): Promise<Result> {
    return simulate(plan, { templates: this.#templates, folder: join(this.#folder, 'world'), ...options });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
