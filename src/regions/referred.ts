/** A database that orders refer to, users or products: asked while it can be reached, done without when it cannot. */
import type { Row } from '../databases/columns.ts';
import { Database, type DatabaseOptions, type EntityManager } from '../databases/database.ts';
import type { DatabaseDeclaration } from '../databases/declaration.ts';
import { type Engine, engineOf } from '../databases/engine.ts';
import { locate } from '../databases/location.ts';
import { runTables } from '../databases/run-tables.ts';
import { MeridianError } from '../errors.ts';
import { isOpen } from '../populate/run/plan.ts';
import { RunStore } from '../populate/run/run-store.ts';

/** How long connecting, or an answer, may take before the database counts as out of reach. */
const ANSWER_SECONDS = 2;

/** How long a database that could not be reached is not asked again, so that not every order waits for it. */
const SILENCE_SECONDS = 5;

/** `unknown`: the database is out of reach; or it holds no such row, but a load that may bring it is not finished. */
export type Presence = 'present' | 'absent' | 'unknown';

interface Opened {
  readonly database: Database;
  readonly em: EntityManager;
}

export class ReferredDatabase {
  readonly #declaration: DatabaseDeclaration;
  readonly #options: DatabaseOptions;
  readonly #engine: Engine;
  readonly #now: () => Date;
  #opening: Promise<Opened | undefined> | undefined;
  #silentUntil = 0;

  /** Connects to nothing. @throws MeridianError `usage` when the environment holds a URL that is not understood */
  constructor(declaration: DatabaseDeclaration, options: DatabaseOptions, now: () => Date) {
    this.#declaration = declaration;
    const location = options.location ?? locate(declaration.name);
    this.#engine = engineOf(location, declaration.name);
    this.#options = { ...options, location, create: false, answerSeconds: ANSWER_SECONDS };
    this.#now = now;
  }

  get name(): string {
    return this.#declaration.name;
  }

  /** Whether rows with these primary keys are there. */
  async presence(keys: readonly number[]): Promise<ReadonlyMap<number, Presence>> {
    const absent = await this.#ask(async ({ database, em }) => {
      const missing = await database.bulk().missing(em, keys);
      const isLoading = missing.length > 0 && (await isUnfinished(database, em));
      return new Map<unknown, Presence>(missing.map((key) => [key, isLoading ? 'unknown' : 'absent']));
    });
    return new Map(keys.map((key) => [key, absent === undefined ? 'unknown' : (absent.get(key) ?? 'present')]));
  }

  /** The row with this primary key, when it is there; by the names of its properties. */
  async find(key: number): Promise<Row | Exclude<Presence, 'present'>> {
    const found = await this.#ask(async ({ database, em }) => {
      const [row] = await database.bulk().findByPrimaryKey(em, [key]);
      return row ?? ((await isUnfinished(database, em)) ? 'unknown' : 'absent');
    });
    return found ?? 'unknown';
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    await (await opening)?.database.close();
  }

  /** @returns `undefined` when the database is out of reach */
  async #ask<T>(question: (opened: Opened) => Promise<T>): Promise<T | undefined> {
    if (this.#now().getTime() < this.#silentUntil) {
      return undefined;
    }
    if (this.#engine.isMissing()) {
      // even if it was there before
      await this.close();
      return undefined;
    }
    this.#opening ??= this.#open();
    const opening = this.#opening;
    const opened = await opening;
    if (opened === undefined) {
      await this.#drop(opening);
      return undefined;
    }
    try {
      return await question(opened);
    } catch (error) {
      const isDropped = this.#opening !== opening;
      if (!isDropped && !isOfDatabase(opened.database.explain(error))) {
        throw error;
      }
      this.#silence();
      await this.#drop(opening);
      return undefined;
    }
  }

  async #open(): Promise<Opened | undefined> {
    const database = new Database(this.#declaration, this.#options);
    try {
      await database.connect();
      const em = database.fork();
      // one that is not set up yet knows nobody
      if (!database.isMissing && (await database.hasTable(em))) {
        return { database, em };
      }
      await database.close();
    } catch (error) {
      await database.close();
      if (!(error instanceof MeridianError)) {
        throw error;
      }
    }
    this.#silence();
    return undefined;
  }

  #silence(): void {
    this.#silentUntil = this.#now().getTime() + SILENCE_SECONDS * 1000;
  }

  async #drop(opening: Promise<Opened | undefined>): Promise<void> {
    if (this.#opening === opening) {
      await this.close();
    }
  }
}

/** Whether an error tells of the database or the way to it, and not of this program. */
function isOfDatabase(error: unknown): boolean {
  // every error of a driver or a system call has a code
  return error instanceof MeridianError || typeof (error as { code?: unknown }).code === 'string';
}

/** Whether a load of the database has begun and not come to its end, be it because it was killed. */
async function isUnfinished(database: Database, em: EntityManager): Promise<boolean> {
  const { runs } = runTables(database.name);
  return (await database.hasTable(em, runs)) && isOpen(await new RunStore(database).newest(em));
}
