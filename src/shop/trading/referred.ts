/** A database that orders refer to, users or products: asked while it can be reached, done without when it cannot. */

import {
  Database,
  type DatabaseDeclaration,
  type DatabaseOptions,
  type EntityManager,
  hasUnfinishedLoad,
  isIdentityError,
  placeOf,
  type Row,
} from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { monotonic } from '../../types.ts';
import { Lookup } from './lookup.ts';

/** How long connecting, or an answer, may take before the database counts as out of reach. */
const ANSWER_SECONDS = 2;

/** How long a database that could not be reached is not asked again, so that not every order waits for it. */
const SILENCE_SECONDS = 5;

/** `unknown`: the database is out of reach; or it holds no such row, but a load that may bring it is not finished. */
export type Presence = 'present' | 'absent' | 'unknown';

type EntityDeclaration = DatabaseDeclaration['entities'][number];
type DatabasePlace = Awaited<ReturnType<typeof placeOf>>;

interface Opened {
  readonly database: Database;
  readonly em: EntityManager;
}

export class ReferredDatabase {
  readonly #declaration: DatabaseDeclaration;
  readonly #options: DatabaseOptions;
  readonly #place: DatabasePlace;
  #opening: Promise<Opened | undefined> | undefined;
  #silentUntil = Number.NEGATIVE_INFINITY;
  readonly #presences = new Lookup<number, Presence>((keys) => this.#presenceOf(keys));

  private constructor(declaration: DatabaseDeclaration, place: DatabasePlace, options: DatabaseOptions) {
    this.#declaration = declaration;
    this.#place = place;
    this.#options = { ...options, location: place.location, create: false, answerSeconds: ANSWER_SECONDS };
  }

  /** Connects to nothing. @throws MeridianError `usage` when the environment holds a URL that is not understood */
  static async at(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<ReferredDatabase> {
    return new ReferredDatabase(declaration, await placeOf(declaration, options), options);
  }

  /** The one that orders refer to. */
  get #entity(): EntityDeclaration {
    return this.#declaration.entities[0] as EntityDeclaration;
  }

  get name(): string {
    return this.#declaration.name;
  }

  /**
   * Whether rows with these primary keys are there. Those of several callers are looked up together, and each is given what was found of
   * all of them.
   */
  presence(keys: readonly number[]): Promise<ReadonlyMap<number, Presence>> {
    return this.#presences.findAll(keys);
  }

  async #presenceOf(keys: readonly number[]): Promise<ReadonlyMap<number, Presence>> {
    const absent = await this.#ask(async ({ database, em }) => {
      const missing = await database.bulk(this.#entity.entity).missing(em, keys);
      const isLoading = missing.length > 0 && (await hasUnfinishedLoad(database, em, this.#entity.name));
      return new Map<unknown, Presence>(missing.map((key) => [key, isLoading ? 'unknown' : 'absent']));
    });
    return new Map(keys.map((key) => [key, absent === undefined ? 'unknown' : (absent.get(key) ?? 'present')]));
  }

  /** The row with this primary key, when it is there; by the names of its properties. */
  async find(key: number): Promise<Row | Exclude<Presence, 'present'>> {
    const found = await this.#ask(async ({ database, em }) => {
      const [row] = await database.bulk(this.#entity.entity).findByPrimaryKey(em, [key]);
      return row ?? ((await hasUnfinishedLoad(database, em, this.#entity.name)) ? 'unknown' : 'absent');
    });
    return found ?? 'unknown';
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    // one that could not be opened needs no closing
    await (await opening?.catch(() => undefined))?.database.close();
  }

  /**
   * @returns `undefined` when the database is out of reach
   * @throws MeridianError `identity` when it is another's; what is no fault of the database
   */
  async #ask<T>(question: (opened: Opened) => Promise<T>): Promise<T | undefined> {
    if (monotonic() < this.#silentUntil) {
      return undefined;
    }
    if (this.#place.isMissing()) {
      // even if it was there before
      await this.close();
      return undefined;
    }
    this.#opening ??= this.#open();
    const opening = this.#opening;
    let opened: Opened | undefined;
    try {
      opened = await opening;
      if (opened !== undefined) {
        return await question(opened);
      }
    } catch (error) {
      const isClosed = opened !== undefined && this.#opening !== opening;
      if (!isClosed && !isOutOfReach(opened?.database.explain(error) ?? error)) {
        if (opened === undefined) {
          // the next question reopens it
          await this.#drop(opening);
        }
        throw error;
      }
    }
    this.#silentUntil = monotonic() + SILENCE_SECONDS * 1000;
    await this.#drop(opening);
    return undefined;
  }

  /** @returns `undefined` for a database that is not set up yet, which holds no rows */
  async #open(): Promise<Opened | undefined> {
    const database = await Database.unconnected(this.#declaration, this.#options);
    try {
      await database.connect();
      const em = database.fork();
      if (!database.isMissing && (await database.hasTable(em, this.#entity.entity))) {
        return { database, em };
      }
    } catch (error) {
      await database.close();
      throw error;
    }
    await database.close();
    return undefined;
  }

  async #drop(opening: Promise<Opened | undefined>): Promise<void> {
    if (this.#opening === opening) {
      await this.close();
    }
  }
}

/** Whether an error is of the database or the way to it, and not of this program or of the database's identity. */
function isOutOfReach(error: unknown): boolean {
  // every error of a driver or a system call has a code
  const isOfDatabase = error instanceof MeridianError || typeof (error as { code?: unknown }).code === 'string';
  return isOfDatabase && !isIdentityError(error);
}
