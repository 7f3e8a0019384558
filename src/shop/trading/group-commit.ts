/**
 * Group commit: where only one transaction at a time can write, waiting transactions are combined into one, and share the sync of its
 * commit. Each is still atomic and fails independently: it has its own savepoint, or, if several share statements, these are rolled back
 * together and executed one by one.
 */
import { CompiledQuery, type Kysely } from 'kysely';
import { type Database, type EntityManager, statement, withRetry } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { inActiveSpan } from '../../replication/index.ts';
import { gather } from '../../types.ts';

type Work<T> = (em: EntityManager) => Promise<T>;

/** The outcome of a transaction in a group; it is valid once the group is committed. */
export type Outcome<T = unknown> = { readonly value: T } | { readonly error: unknown };

/** A form of work that runs several transactions together, with fewer statements than one by one. */
export interface JointWork<T> {
  /**
   * The same function for all work that can run together.
   *
   * @param items the input of each transaction
   * @returns the outcome of each
   * @throws an error that rolls the whole transaction back, after which the work runs one by one
   */
  readonly runAll: (em: EntityManager, items: readonly never[]) => Promise<readonly Outcome<T>[]>;
  /** The input of this transaction. */
  readonly item: unknown;
}

interface Waiting {
  readonly work: Work<unknown>;
  readonly jointWork: JointWork<unknown> | undefined;
  readonly settled: PromiseWithResolvers<unknown>;
}

/**
 * The maximum number of transactions per commit: as many as wait under the intended load of a region, and few enough to take only
 * milliseconds.
 */
const MAX_GROUP = 64;

export class GroupCommit {
  readonly #database: Database;
  readonly #retrySeconds: number | undefined;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(database: Database, retrySeconds: number | undefined) {
    this.#database = database;
    this.#retrySeconds = retrySeconds;
  }

  /**
   * @param work begins with a write, and may run more than once
   * @param jointWork does the same work together with others
   * @throws errors of `work`, or the error that prevented the commit of the group
   */
  run<T>(work: Work<T>, jointWork?: JointWork<T>): Promise<T> {
    const settled = Promise.withResolvers<unknown>();
    // the work may run in the call stack of another request, so keep its span
    this.#waiting.push({ work: inActiveSpan(work), jointWork, settled });
    if (!this.#isRunning) {
      this.#isRunning = true;
      void this.#commitAll();
    }
    return settled.promise as Promise<T>;
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await gather(() => this.#waiting.length, MAX_GROUP);
      await this.#commitNext();
    }
    this.#isRunning = false;
  }

  async #commitNext(): Promise<void> {
    let group: readonly Waiting[] = [];
    try {
      const outcomes = await this.#commitTogether(() => {
        // include the work that arrived while waiting for the connection
        group = group.length === 0 ? this.#waiting.splice(0, MAX_GROUP) : group;
        return group;
      });
      for (const [index, { settled }] of group.entries()) {
        settle(settled, outcomes[index] as Outcome);
      }
    } catch (error) {
      await this.#commitEach(group.length === 0 ? this.#waiting.splice(0, MAX_GROUP) : group, error);
    }
  }

  async #commitTogether(groupOf: () => readonly Waiting[]): Promise<readonly Outcome[]> {
    let isAtOnce = false;
    try {
      return await this.#transaction(groupOf, async (em, part) => {
        isAtOnce ||= part.length > 1;
        return part.length > 1 ? doAtOnce(em, part) : this.#oneByOne(em, part);
      });
    } catch (error) {
      if (!isAtOnce || isLocked(error)) {
        throw error;
      }
      // one of the combined transactions may be the cause: run them one by one
      return this.#transaction(groupOf, (em, part) => this.#oneByOne(em, part));
    }
  }

  /**
   * Commits each transaction separately, since one of them may have caused the failure. If the database is locked, none of them is the
   * cause, and all fail without waiting again.
   */
  async #commitEach(group: readonly Waiting[], error: unknown): Promise<void> {
    let common = group.length === 1 || isLocked(error) ? { error } : undefined;
    for (const one of group) {
      const outcome: Outcome =
        common ??
        (await this.#transaction(
          () => [one],
          (em, part) => this.#oneByOne(em, part),
        ).then(
          ([only]) => only as Outcome,
          (failure: unknown) => ({ error: failure }),
        ));
      if ('error' in outcome && isLocked(outcome.error)) {
        common = outcome;
      }
      settle(one.settled, outcome);
    }
  }

  #transaction(
    groupOf: () => readonly Waiting[],
    run: (em: EntityManager, part: readonly Waiting[]) => Promise<readonly Outcome[]>,
  ): Promise<readonly Outcome[]> {
    const database = this.#database;
    const attempt = () =>
      database.transaction(async (em) => {
        const group = groupOf();
        const [only] = group;
        if (only !== undefined && group.length === 1) {
          return [{ value: await only.work(em) }];
        }
        const outcomes: Outcome[] = [];
        for (const part of partsOf(group)) {
          outcomes.push(...(await run(em, part)));
        }
        return outcomes;
      });
    return withRetry(database, attempt, this.#retrySeconds);
  }

  async #oneByOne(em: EntityManager, part: readonly Waiting[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { work } of part) {
      outcomes.push(await this.#alone(em, work));
    }
    return outcomes;
  }

  /** @throws errors that affect the whole transaction */
  async #alone<T>(em: EntityManager, work: Work<T>): Promise<Outcome<T>> {
    await begin(em);
    try {
      const value = await work(em);
      await release(em);
      return { value };
    } catch (error) {
      if (this.#database.isTransient(error)) {
        throw error;
      }
      await undo(em);
      await release(em);
      return { error };
    }
  }
}

function doAtOnce(em: EntityManager, part: readonly Waiting[]): Promise<readonly Outcome[]> {
  const { runAll } = (part[0] as Waiting).jointWork as JointWork<unknown>;
  return runAll(
    em,
    part.map(({ jointWork }) => jointWork?.item as never),
  );
}

/** Splits a group into consecutive parts that can run together. */
function partsOf(group: readonly Waiting[]): Waiting[][] {
  const parts: Waiting[][] = [];
  for (const one of group) {
    const last = parts.at(-1);
    const runAll = last?.[0]?.jointWork?.runAll;
    if (last !== undefined && runAll !== undefined && runAll === one.jointWork?.runAll) {
      last.push(one);
    } else {
      parts.push([one]);
    }
  }
  return parts;
}

/** Whether the wait for a lock of another process has timed out. */
function isLocked(error: unknown): boolean {
  return error instanceof MeridianError && error.code === 'locked';
}

function settle(settled: PromiseWithResolvers<unknown>, outcome: Outcome): void {
  if ('error' in outcome) {
    settled.reject(outcome.error);
  } else {
    settled.resolve(outcome.value);
  }
}

const raw = (text: string) => statement((_: Kysely<unknown>) => ({ compile: () => CompiledQuery.raw(text) }));
const begin = raw('savepoint member');
const undo = raw('rollback to savepoint member');
const release = raw('release savepoint member');
