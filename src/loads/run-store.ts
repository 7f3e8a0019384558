/** Reads and writes the runs of one table with MikroORM, in transactions of the caller. */

import { type Kysely, sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import { nextTurn, timestamp } from '../shared/environment.ts';
import { MeridianError } from '../shared/errors.ts';
import { IdSet } from './id-set.ts';
import { type RejectContent, type RejectedRecord, rejectRow } from './reject-line.ts';
import { type RejectRow, type RunBatchRow, type RunFileRow, type RunRow, runTables } from './run-tables.ts';

/** Number of rows to read at a time. */
const PAGE_ROWS = 1000;

/** Bytes of rejects to read at a time. A single record may exceed this. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** The columns of a run that can change. */
export type RunChange = Partial<Omit<RunRow, 'id' | 'entity' | 'startedAt'>>;

export class RunStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The entity's name, which every row of the loaded table's runs contains. */
  get #entity(): string {
    return this.#table.declaration.name;
  }

  get #tables() {
    return runTables(this.#table.database.name);
  }

  /** Newest first. */
  async runs(em: EntityManager, limit?: number): Promise<RunRow[]> {
    return em.find(
      this.#tables.runs,
      { entity: this.#entity },
      { orderBy: { id: 'desc' }, disableIdentityMap: true, ...(limit === undefined ? {} : { limit }) },
    );
  }

  async run(em: EntityManager, id: string): Promise<RunRow | undefined> {
    return (
      (await em.findOne(this.#tables.runs, { id, entity: this.#entity }, { disableIdentityMap: true })) ?? undefined
    );
  }

  async newest(em: EntityManager): Promise<RunRow | undefined> {
    return (await this.runs(em, 1))[0];
  }

  /** Deletes the batches of the previous run. A run that failed in this database starts again with the same id. */
  async begin(em: EntityManager, run: Omit<RunRow, 'entity'>): Promise<void> {
    await this.forgetBatches(em);
    await this.forgetRejects(em, run.id);
    await em.nativeDelete(this.#tables.runs, { id: run.id, entity: this.#entity });
    await em.insert(this.#tables.runs, { ...run, entity: this.#entity });
  }

  /** Records the files of a run that starts. */
  async addFiles(
    em: EntityManager,
    run: string,
    files: readonly Pick<RunFileRow, 'name' | 'content'>[],
  ): Promise<void> {
    await em.nativeDelete(this.#tables.files, { run, entity: this.#entity });
    const rows = files.map(({ name, content }, position) => ({
      run,
      position,
      name,
      content,
      records: null,
      entity: this.#entity,
    }));
    for (let from = 0; from < rows.length; from += PAGE_ROWS) {
      await em.insertMany(this.#tables.files, rows.slice(from, from + PAGE_ROWS));
    }
  }

  /** Records the number of records of completely processed files, from the file at `position` on. */
  async markFiles(em: EntityManager, run: string, position: number, counts: readonly number[]): Promise<void> {
    for (const [index, records] of counts.entries()) {
      const key = { run, entity: this.#entity, position: position + index };
      await em.nativeUpdate(this.#tables.files, key, { records });
    }
  }

  /** The number of records of each completely processed file, in order. */
  async readFiles(em: EntityManager, run: string): Promise<number[]> {
    const rows = await em.find(
      this.#tables.files,
      { run, entity: this.#entity, records: { $ne: null } },
      { fields: ['position', 'records'], orderBy: { position: 'asc' }, disableIdentityMap: true },
    );
    return rows.map(({ records }) => records ?? 0);
  }

  async change(em: EntityManager, id: string, change: RunChange): Promise<void> {
    await em.nativeUpdate(this.#tables.runs, { id, entity: this.#entity }, { ...change, updatedAt: timestamp() });
  }

  /**
   * Updates a run if it is loading and its number of read records is as expected.
   *
   * @throws MeridianError `locked` if another process has taken over the run, after this one lost its lock
   */
  async advance(em: EntityManager, id: string, read: number, change: RunChange): Promise<void> {
    const now = timestamp();
    const where = { id, entity: this.#entity, read, state: 'loading' as const };
    if ((await em.nativeUpdate(this.#tables.runs, where, { ...change, updatedAt: now })) === 0) {
      throw new MeridianError(
        'locked',
        `${this.#table.database.name}: another populate has taken over since this one lost its lock. Let it finish, and run the same command again.`,
      );
    }
  }

  async addBatch(em: EntityManager, batch: Omit<RunBatchRow, 'entity'>): Promise<void> {
    await em.insert(this.#tables.batches, { ...batch, entity: this.#entity });
  }

  /** @throws Error if one of them exists already */
  async addRejects(em: EntityManager, run: string, rejects: readonly RejectedRecord[]): Promise<void> {
    const rows = rejects.map((reject) => ({ ...rejectRow(reject), run, entity: this.#entity }));
    const added = await this.#table.database.bulk(this.#tables.rejects).insertFree(em, rows);
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
        { entity: this.#entity, firstNumber: { $gt: after } },
        // a batch may be large
        { orderBy: { firstNumber: 'asc' }, limit: 1, disableIdentityMap: true },
      );
      const [batch] = rows;
      if (batch === undefined) {
        return;
      }
      // some drivers return without a turn of the event loop, which Ctrl-C needs
      await nextTurn();
      yield batch;
      after = batch.firstNumber;
    }
  }

  async lastBatch(em: EntityManager): Promise<RunBatchRow | undefined> {
    const [batch] = await em.find(
      this.#tables.batches,
      { entity: this.#entity },
      { orderBy: { firstNumber: 'desc' }, limit: 1, disableIdentityMap: true },
    );
    await nextTurn();
    return batch;
  }

  async forgetBatch(em: EntityManager, firstNumber: number): Promise<void> {
    await em.nativeDelete(this.#tables.batches, { entity: this.#entity, firstNumber });
  }

  /** The rejects of a run in order of their numbers, in pages; pages of long rows contain fewer. */
  async *rejects(em: EntityManager, run: string, pageBytes = PAGE_BYTES): AsyncGenerator<RejectContent[]> {
    let after = 0;
    for (;;) {
      const last = await this.#endOfPage(em, run, after, pageBytes);
      if (last === undefined) {
        return;
      }
      // as plain rows, since creating entities takes longer than reading
      const rows = await this.#rejectsOf(em, run)
        .select(['number', 'file', 'line', 'record', 'errors'])
        .where('number', '>', after)
        .where('number', '<=', last)
        .orderBy('number')
        .execute();
      await nextTurn();
      yield rows;
      after = last;
    }
  }

  /** @returns the number of the last reject of the page after `after`; `undefined` if there is none */
  async #endOfPage(em: EntityManager, run: string, after: number, pageBytes: number): Promise<number | undefined> {
    const rows = await this.#rejectsOf(em, run)
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

  #rejectsOf(em: EntityManager, run: string) {
    return (em.getKysely() as Kysely<Record<string, RejectRow>>)
      .selectFrom(this.#tables.rejects.meta.tableName)
      .where('entity', '=', this.#entity)
      .where('run', '=', run);
  }

  /** The rejects of a run with these numbers, in order of the numbers, without those that do not exist. */
  async rejectsNumbered(em: EntityManager, run: string, numbers: readonly number[]): Promise<RejectRow[]> {
    const rows: RejectRow[] = [];
    for (let from = 0; from < numbers.length; from += PAGE_ROWS) {
      const some = numbers.slice(from, from + PAGE_ROWS);
      rows.push(...(await this.#rejectsOf(em, run).selectAll().where('number', 'in', some).execute()));
    }
    return rows.sort((a, b) => a.number - b.number);
  }

  async rejectedNumbers(em: EntityManager, run: string): Promise<IdSet> {
    const numbers = new IdSet();
    for (let after = 0; ; ) {
      const rows = await em.find(
        this.#tables.rejects,
        { entity: this.#entity, run, number: { $gt: after } },
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

  /** The file of a run with the most rejects; of several, the first by name. */
  async mostRejects(em: EntityManager, run: string): Promise<{ file: string; rejected: number } | undefined> {
    const [worst] = await this.#rejectsOf(em, run)
      .select(['file', sql<number>`count(*)`.as('rejected')])
      .where('file', 'is not', null)
      .groupBy('file')
      .orderBy('rejected', 'desc')
      .orderBy('file')
      .limit(1)
      .execute();
    return worst && { file: worst.file ?? '', rejected: Number(worst.rejected) };
  }

  /** Run -> number of its rejects, for runs with rejects. */
  async rejectCounts(em: EntityManager): Promise<Map<string, number>> {
    const rows = await (em.getKysely() as Kysely<Record<string, RejectRow>>)
      .selectFrom(this.#tables.rejects.meta.tableName)
      .select(['run', sql<number>`count(*)`.as('rejects')])
      .where('entity', '=', this.#entity)
      .groupBy('run')
      .execute();
    return new Map(rows.map(({ run, rejects }) => [run, Number(rejects)]));
  }

  async forgetBatches(em: EntityManager): Promise<void> {
    await em.nativeDelete(this.#tables.batches, { entity: this.#entity });
  }

  async forgetRejects(em: EntityManager, run: string): Promise<void> {
    await em.nativeDelete(this.#tables.rejects, { entity: this.#entity, run });
  }

  async forgetRejectsNumbered(em: EntityManager, run: string, numbers: readonly number[]): Promise<void> {
    for (let from = 0; from < numbers.length; from += PAGE_ROWS) {
      const number = { $in: numbers.slice(from, from + PAGE_ROWS) };
      await em.nativeDelete(this.#tables.rejects, { entity: this.#entity, run, number });
    }
  }
}
