/** The runs of one database: read and written through MikroORM, in the transactions of the caller. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Database, EntityManager } from '../database/database.ts';
import { MeridianError } from '../shared/errors.ts';
import { IdSet } from './id-set.ts';
import { type RejectedRecord, rejectRow } from './reject-line.ts';
import { type RunBatchRow, type RunRejectRow, type RunRow, runTables } from './run-tables.ts';

/** Rows that are read at a time. */
const PAGE_ROWS = 1000;

/** Bytes of rejects that are read at a time. One record may have more. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** What a change of a run may say. */
export type RunChange = Partial<Omit<RunRow, 'id' | 'startedAt'>>;

export class RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get #tables() {
    return runTables(this.#database.name);
  }

  /** The newest first. */
  async runs(em: EntityManager, limit?: number): Promise<RunRow[]> {
    return em.find(
      this.#tables.runs,
      {},
      { orderBy: { id: 'desc' }, disableIdentityMap: true, ...(limit === undefined ? {} : { limit }) },
    );
  }

  async run(em: EntityManager, id: string): Promise<RunRow | undefined> {
    return (await em.findOne(this.#tables.runs, { id }, { disableIdentityMap: true })) ?? undefined;
  }

  async newest(em: EntityManager): Promise<RunRow | undefined> {
    return (await this.runs(em, 1))[0];
  }

  /** Forgets what was kept of the records of the run before. A run that ended too early in this database begins in it once more. */
  async begin(em: EntityManager, run: RunRow): Promise<void> {
    await this.forgetRecords(em);
    await em.nativeDelete(this.#tables.runs, { id: run.id });
    await em.insert(this.#tables.runs, run);
  }

  async change(em: EntityManager, id: string, change: RunChange): Promise<void> {
    await em.nativeUpdate(this.#tables.runs, { id }, { ...change, updatedAt: new Date().toISOString() });
  }

  /**
   * Changes a run that is loading and has dealt with so many records.
   *
   * @throws MeridianError `locked` when it is another's by now, which can only be after its lock was lost
   */
  async advance(em: EntityManager, id: string, read: number, change: RunChange): Promise<void> {
    const now = new Date().toISOString();
    const where = { id, read, state: 'loading' as const };
    if ((await em.nativeUpdate(this.#tables.runs, where, { ...change, updatedAt: now })) === 0) {
      throw new MeridianError(
        'locked',
        `${this.#database.name}: another populate has taken over since this one lost its lock. Let it finish, and run the same command again.`,
      );
    }
  }

  async addBatch(em: EntityManager, batch: RunBatchRow): Promise<void> {
    await em.insert(this.#tables.batches, batch);
  }

  /** @throws Error when one of them has been added before */
  async addRejects(em: EntityManager, rejects: readonly RejectedRecord[]): Promise<void> {
    const rows = rejects.map((reject) => ({ ...rejectRow(reject) }));
    const added = await this.#database.bulk(this.#tables.rejects).insertFree(em, rows);
    if (added !== rejects.length) {
      throw new Error(`${rejects.length - added} records would be rejected twice`);
    }
  }

  /** In the order of their records. */
  async *batches(em: EntityManager): AsyncGenerator<RunBatchRow> {
    let after = 0;
    for (;;) {
      const rows = await em.find(
        this.#tables.batches,
        { firstNumber: { $gt: after } },
        // each may be large
        { orderBy: { firstNumber: 'asc' }, limit: 1, disableIdentityMap: true },
      );
      const [batch] = rows;
      if (batch === undefined) {
        return;
      }
      // drivers may answer without a turn of the event loop, and Ctrl-C waits for one
      await nextTurn();
      yield batch;
      after = batch.firstNumber;
    }
  }

  /** In the order of their numbers, some at a time: fewer where they are long. */
  async *rejects(em: EntityManager, pageBytes = PAGE_BYTES): AsyncGenerator<RunRejectRow[]> {
    let after = 0;
    for (;;) {
      const last = await this.#endOfPage(em, after, pageBytes);
      if (last === undefined) {
        return;
      }
      const rows = await em.find(
        this.#tables.rejects,
        { number: { $gt: after, $lte: last } },
        { orderBy: { number: 'asc' }, disableIdentityMap: true },
      );
      await nextTurn();
      yield rows;
      after = last;
    }
  }

  /** @returns the number of the last reject after `after` that is still read with the next one; `undefined` when there is none */
  async #endOfPage(em: EntityManager, after: number, pageBytes: number): Promise<number | undefined> {
    const rows = await (em.getKysely() as Kysely<Record<string, RunRejectRow>>)
      .selectFrom(this.#tables.rejects.meta.tableName)
      .select(['number', sql<number>`octet_length(record) + octet_length(errors)`.as('size')])
      .where('number', '>', after)
      .orderBy('number')
      .limit(PAGE_ROWS)
      .execute();
    let last: number | undefined;
    let bytes = 0;
    for (const { number, size } of rows) {
      bytes += size;
      if (last !== undefined && bytes > pageBytes) {
        break;
      }
      last = number;
    }
    return last;
  }

  async rejectedNumbers(em: EntityManager): Promise<IdSet> {
    const numbers = new IdSet();
    for (let after = 0; ; ) {
      const rows = await em.find(
        this.#tables.rejects,
        { number: { $gt: after } },
        { fields: ['number'], orderBy: { number: 'asc' }, limit: PAGE_ROWS, disableIdentityMap: true },
      );
      const last = rows.at(-1);
      if (last === undefined) {
        return numbers;
      }
      await nextTurn();
      for (const { number } of rows) {
        numbers.add(number);
      }
      after = last.number;
    }
  }

  async forgetRecords(em: EntityManager): Promise<void> {
    await em.nativeDelete(this.#tables.batches, {});
    await em.nativeDelete(this.#tables.rejects, {});
  }
}
