/** A database that orders refer to, users or products. It is queried while it is reachable; otherwise, orders proceed without it. */

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

/** The time limit for connecting and for a response, after which the database counts as unreachable. */
const ANSWER_SECONDS = 2;

/** How long an unreachable database is not queried again, so that not every order waits for it. */
const SILENCE_SECONDS = 5;

/** `unknown`: the database is unreachable, or it has no such row but a load that may insert it has not finished. */
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

  /** Prepares access without connecting. @throws MeridianError `usage` for an invalid URL in the environment */
  static async at(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<ReferredDatabase> {
    return new ReferredDatabase(declaration, await placeOf(declaration, options), options);
  }

  /** The entity that orders refer to. */
  get #entity(): EntityDeclaration {
    return this.#declaration.entities[0] as EntityDeclaration;
  }

  get name(): string {
    return this.#declaration.name;
  }

  /**
   * Whether rows with these primary keys exist. Concurrent lookups are batched, so the result may include keys of other callers.
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

  /** The row with this primary key, with property names, if it exists. */
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
    // a database that could not be opened need not be closed
    await (await opening?.catch(() => undefined))?.database.close();
  }

  /**
   * @returns `undefined` if the database is unreachable
   * @throws MeridianError `identity` if it belongs to another name; errors that do not come from the database
   */
  async #ask<T>(question: (opened: Opened) => Promise<T>): Promise<T | undefined> {
    if (monotonic() < this.#silentUntil) {
      return undefined;
    }
    if (this.#place.isMissing()) {
      // the database no longer exists, even if it is open
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
          // the next query reopens it
          await this.#drop(opening);
        }
        throw error;
      }
    }
    this.#silentUntil = monotonic() + SILENCE_SECONDS * 1000;
    await this.#drop(opening);
    return undefined;
  }

  /** @returns `undefined` for a database that is not set up yet, which has no rows */
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

/** Whether an error comes from the database or its connection, rather than from this program or the database's identity. */
function isOutOfReach(error: unknown): boolean {
  // errors of drivers and system calls have a code
  const isOfDatabase = error instanceof MeridianError || typeof (error as { code?: unknown }).code === 'string';
  return isOfDatabase && !isIdentityError(error);
}
