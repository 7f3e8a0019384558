/** Parts of a transaction that are rolled back if the database rejects one of their rows. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { Refusal } from '../../database/refusal.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';

export type Attempt<T> = { readonly result: T } | { readonly refusal: Refusal };

/** Thrown by work that itself detects a rejected row. */
export class RowRefused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.text);
    this.refusal = refusal;
  }
}

const NAME = 'attempt';

/** Uses its own statements: MikroORM ignores an error of `rollback to savepoint`. */
export class Savepoint {
  readonly #database: Database;
  readonly #em: EntityManager;
  #isOpen = false;

  constructor(database: Database, em: EntityManager) {
    this.#database = database;
    this.#em = em;
  }

  /**
   * Runs `work`, and rolls it back completely if a row is rejected.
   *
   * @throws other errors of `work`; the whole transaction has to be rolled back then
   */
  async attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
    await this.#open();
    try {
      const result = await work();
      await this.close();
      return { result };
    } catch (error) {
      const refusal = error instanceof RowRefused ? error.refusal : this.#database.engine.refusal(error);
      if (refusal === undefined) {
        throw error;
      }
      await this.#undo(error);
      return { refusal };
    }
  }

  /**
   * Runs a single statement that sets the savepoint, does the work and releases the savepoint.
   *
   * @param work gets the name of the savepoint; returns `false` if it has done nothing
   * @returns `undefined` if nothing was done
   */
  async attemptAtOnce(work: (name: string) => Promise<boolean>): Promise<Attempt<true> | undefined> {
    if (this.#isOpen) {
      return undefined;
    }
    try {
      return (await work(NAME)) ? { result: true } : undefined;
    } catch (error) {
      const refusal = this.#database.engine.refusal(error);
      if (refusal === undefined) {
        throw error;
      }
      this.#isOpen = true;
      await this.#undo(error);
      return { refusal };
    }
  }

  /** Runs `work` for its result, and rolls it back. @returns undefined if a row is rejected */
  async trial<T>(work: () => Promise<T>): Promise<T | undefined> {
    let found: T | undefined;
    const undone = new RowRefused({ kind: 'omitted', text: 'tried' });
    await this.attempt(async () => {
      found = await work();
      throw undone;
    });
    return found;
  }

  /** Call it at the end: after a rollback, the savepoint is kept for the next attempt. */
  async close(): Promise<void> {
    if (this.#isOpen) {
      this.#isOpen = false;
      await this.#em.execute(`release savepoint ${NAME}`);
    }
  }

  async #open(): Promise<void> {
    if (!this.#isOpen) {
      await this.#em.execute(`savepoint ${NAME}`);
      this.#isOpen = true;
    }
  }

  async #undo(cause: unknown): Promise<void> {
    try {
      await this.#em.execute(`rollback to savepoint ${NAME}`);
    } catch (error) {
      // SQLite's message; on PostgreSQL, a trigger cannot end the transaction
      if (!messageOf(error).includes('no such savepoint')) {
        throw error;
      }
      throw new MeridianError(
        'database',
        `${this.#database.name}: the database has rolled back the whole transaction because of one row (${messageOf(cause)}), as "raise(rollback)" in a trigger does. Let it refuse the row alone, with "raise(abort)".`,
        { cause: error },
      );
    }
  }
}
