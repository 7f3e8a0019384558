/** What an operator does to machines and databases, well or badly: backups, restores, failovers, second processes. */
import type { RegionAnswers } from './parts/answers.ts';
import type { DatabaseCopy } from './parts/databases.ts';
import { CENTRAL, ordersDatabase, populateProcess, regionOfDatabase, SYNC } from './plan.ts';
import type { Installed, World } from './world.ts';

interface Backup {
  readonly at: number;
  readonly content: DatabaseCopy;
  /** What the clients of a region had been answered. */
  readonly answers: RegionAnswers | undefined;
}

interface Mark {
  readonly epoch: number;
  readonly seq: number;
}

/** How often a failover is tried while a transaction holds the database. */
const PROMOTE_MILLISECONDS = 20;
const LOAD_RESTART_MILLISECONDS = 1000;
const SYNC_RESTART_MILLISECONDS = 500;

export class Operator {
  readonly #world: World;
  /** "label database" */
  readonly #backups = new Map<string, Backup>();
  readonly #away = new Set<string>();
  /** Regions that were put back to when there was nothing in them, which only an operator can tell from lost ones. */
  readonly emptied = new Set<string>();
  #isOver = false;

  constructor(world: World) {
    this.#world = world;
  }

  async backUp(databases: readonly string[], label: string): Promise<void> {
    for (const database of databases.filter((one) => this.#isHere(one))) {
      this.#backups.set(`${label} ${database}`, await this.#copy(database));
    }
    this.#world.show('operator', 'backup', `backup ${label} of ${databases.join(', ')}`);
  }

  /** Stops what uses the databases, puts backups in their places, and starts everything again. */
  async restore(databases: readonly string[], label: string, restartMilliseconds: number): Promise<void> {
    const found = databases.flatMap((database) => {
      const backup = this.#backups.get(`${label} ${database}`);
      return backup === undefined ? [] : [{ database, backup }];
    });
    const names = this.#usersOf(found.map(({ database }) => database));
    this.#stop(names, restartMilliseconds);
    for (const { database, backup } of found) {
      const { kernel, effects, views } = this.#world;
      effects.count(`restore of ${roleOf(database)}`, this.#stateOf(database));
      views.close(database);
      await this.#world.databases.restore(database, backup.content);
      this.#putBack(database, backup);
      this.#world.show(database, 'restored', `restored to ${(backup.at / 1000).toFixed(1)} s (${label})`, {
        from: backup.at,
      });
      kernel.trace.note(kernel.time, database, 'restored');
      this.#world.restored(database);
    }
    if (found.some(({ database }) => database === CENTRAL)) {
      this.#expectEpochsForStore();
    }
    this.#startLater(names, restartMilliseconds);
  }

  /**
   * A relay that finds that central has lost events sends those again at once. Only when they are there does central look into the store, and
   * where that was ahead, the region has to send everything in another epoch (docs/simulation.md).
   */
  #expectEpochsForStore(): void {
    const { views, plan } = this.#world;
    const where = 'where region = ? order by epoch desc, seq desc limit 1';
    for (const region of plan.regions) {
      const stored = views.row<Mark>('documents', `select epoch, seq from document_watermarks ${where}`, region);
      const known = views.row<Mark>(CENTRAL, `select epoch, seq from region_cursor ${where}`, region);
      if (stored !== undefined && (known === undefined || isAhead(stored, known))) {
        this.#world.expectEpoch(region);
      }
    }
  }

  /** Takes the rows as they are now, and puts them back a little later, under the running processes. */
  async promote(database: string, behindMilliseconds: number): Promise<void> {
    if (!this.#isHere(database)) {
      return;
    }
    const backup = await this.#copy(database);
    const { kernel, databases, effects } = this.#world;
    // a process that is paused within a transaction holds the database for as long as it is, at most until the faults are over
    const attempt = async (): Promise<void> => {
      if (this.#isOver) {
        return;
      }
      const state = this.#stateOf(database);
      if (!(await databases.failOver(database, backup.content))) {
        kernel.schedule(PROMOTE_MILLISECONDS, () => kernel.wait(attempt()));
        return;
      }
      effects.count(`promotion of ${roleOf(database)}`, state);
      this.#endLoads(database);
      this.#putBack(database, backup);
      this.#world.show(database, 'promoted', `a standby of ${(backup.at / 1000).toFixed(1)} s takes over`, {
        from: backup.at,
      });
      this.#world.restored(database);
    };
    kernel.schedule(behindMilliseconds, () => kernel.wait(attempt()));
  }

  /** A populate has lost its lock, and ends; it is started again. */
  #endLoads(database: string): void {
    const { plan } = this.#world;
    for (const load of (plan.loads ?? []).filter(({ region }) => ordersDatabase(region) === database)) {
      this.#world.kill(populateProcess(load), LOAD_RESTART_MILLISECONDS, 'its database failed over');
    }
  }

  /** Every process of a machine ends at once; its files keep what was synced, and a torn frame of what was being written. */
  async cutPower(machine: string, restartMilliseconds: number): Promise<void> {
    const { effects, views } = this.#world;
    const installed = this.#world.installed.filter((one) => one.machine === machine);
    const names = installed.map(({ name }) => name);
    const databases = [...new Set(installed.flatMap((one) => one.databases))];
    const found = await this.#world.databases.cutPower(databases, () => {
      this.#stop(names, restartMilliseconds);
      views.close(...databases);
    });
    for (const database of databases) {
      effects.count('power cut', `${roleOf(database)}: ${found.get(database)}`);
    }
    this.#startLater(names, restartMilliseconds);
  }

  /** A database that only others refer to cannot be reached. */
  async takeAway(database: string, milliseconds: number): Promise<void> {
    const { databases, kernel, effects, views } = this.#world;
    if (this.#away.has(database)) {
      return;
    }
    views.close(database);
    this.#away.add(database);
    await databases.setAway(database, true);
    effects.count('database away', database);
    this.#world.show(database, 'away', `${database} cannot be reached`, { until: kernel.time + milliseconds });
    kernel.schedule(milliseconds, () => kernel.wait(this.#bringBack(database)));
  }

  /** Loads the user who was missing, unless users cannot be reached. */
  async loadUser(): Promise<void> {
    if (!this.#away.has('users') && (await this.#world.databases.loadMissingUser())) {
      this.#world.effects.count('user loaded', 'users');
      this.#world.show('users', 'loaded', 'the missing user is loaded');
    }
  }

  /** Runs another process of the same program for a while. */
  double(name: string, milliseconds: number, index: number): void {
    const installed = this.#world.installed.find((one) => one.name === name);
    if (installed === undefined || this.#isOver) {
      return;
    }
    const second = `${name} second ${index}`;
    this.#world.effects.count('second process', name.split(' ')[0] ?? '');
    this.#world.runOnce(second, installed.machine, installed.program);
    this.#world.kernel.schedule(milliseconds, () => {
      this.#world.running(second)?.kill();
      this.#restartSyncWithoutCentral();
    });
  }

  /** A sync that found a central when it was started relies on it, and does not take its place (docs/operations.md). */
  #restartSyncWithoutCentral(): void {
    const { plan, network } = this.#world;
    if (plan.sync && plan.transport === 'stored' && this.#world.running(SYNC) && !network.isServed(CENTRAL)) {
      this.#world.kill(SYNC, SYNC_RESTART_MILLISECONDS, 'restarted by the operator, for no central answers');
    }
  }

  /** Nothing is away any more, and whatever is stopped is started. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const database of [...this.#away]) {
      await this.#bringBack(database);
    }
    this.#world.startAll();
  }

  async #bringBack(database: string): Promise<void> {
    if (this.#away.delete(database)) {
      await this.#world.databases.setAway(database, false);
    }
  }

  /** A shrunk plan may name the databases of regions that it is without. */
  #isHere(database: string): boolean {
    return this.#world.databases.names.includes(database);
  }

  async #copy(database: string): Promise<Backup> {
    const { databases, kernel, answers } = this.#world;
    const region = regionOfDatabase(database);
    const content = await databases.backUp(database);
    return { at: kernel.time, content, answers: region === undefined ? undefined : answers.of(region) };
  }

  #putBack(database: string, { answers }: Backup): void {
    this.#world.putBackAt = this.#world.kernel.time;
    const region = regionOfDatabase(database);
    if (region !== undefined && answers !== undefined) {
      this.#world.answers.restore(region, answers);
      if (this.#isEmpty(region)) {
        this.emptied.add(region);
      }
    }
  }

  #isEmpty(region: string): boolean {
    const any = 'select 1 from orders union all select 1 from stock union all select 1 from outbox_event limit 1';
    return this.#world.views.row(ordersDatabase(region), any) === undefined;
  }

  #usersOf(databases: readonly string[]): string[] {
    const uses = (one: Installed) => one.databases.some((database) => databases.includes(database));
    return this.#world.installed.filter(uses).map(({ name }) => name);
  }

  #stop(names: readonly string[], milliseconds: number): void {
    for (const name of names) {
      this.#world.hold(name);
      const process = this.#world.running(name);
      if (process !== undefined) {
        const until = this.#world.kernel.time + milliseconds;
        this.#world.show(name, 'killed', 'stopped by the operator', { until });
        process.kill();
      }
    }
    // commands that an operator had started, and second processes
    for (const process of this.#world.processes) {
      if (process.isAlive && !this.#world.installed.some(({ name }) => name === process.name)) {
        process.kill();
      }
    }
  }

  #startLater(names: readonly string[], milliseconds: number): void {
    this.#world.kernel.schedule(milliseconds, () => {
      for (const name of names) {
        this.#world.release(name);
        this.#world.start(name);
      }
    });
  }

  /** What the fault meets, for the coverage. */
  #stateOf(database: string): string {
    const region = regionOfDatabase(database);
    if (region === undefined) {
      return this.#world.plan.transport;
    }
    const row = this.#world.views.row<{ snapshot: string | null; base: string | null; epoch: number; open: number }>(
      database,
      `select snapshot, base, epoch, (select count(*) from outbox_event where seq is null) + next_seq - 1 - acked_seq as open from relay_state`,
    );
    const epoch = row?.epoch === 1 ? 'first epoch' : row?.base === null ? 'later epoch' : 'partial epoch';
    const work = row?.snapshot !== null ? 'snapshot' : (row?.open ?? 0) > 0 ? 'backlog' : 'idle';
    return `${epoch}, ${work}`;
  }
}

function roleOf(database: string): string {
  return regionOfDatabase(database) === undefined ? database : 'a region';
}

function isAhead(one: Mark, other: Mark): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.seq > other.seq);
}
