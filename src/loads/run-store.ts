/** The runs of one table: read and written through MikroORM, in the transactions of the caller. */

import { type Kysely, sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import { nextTurn, timestamp } from '../shared/environment.ts';
import { MeridianError } from '../shared/errors.ts';
import { IdSet } from './id-set.ts';
import { type RejectContent, type RejectedRecord, rejectRow } from './reject-line.ts';
import { type RejectRow, type RunBatchRow, type RunFileRow, type RunRow, runTables } from './run-tables.ts';

/** Rows that are read at a time. */
const PAGE_ROWS = 1000;

/** Bytes of rejects that are read at a time. One record may have more. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** The columns of a run that can change. */
export type RunChange = Partial<Omit<RunRow, 'id' | 'entity' | 'startedAt'>>;

export class RunStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The name of the entity, in every row of the table that is loaded. */
  get #entity(): string {
    return this.#table.declaration.name;
  }

  get #tables() {
    return runTables(this.#table.database.name);
  }

  /** The newest first. */
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

  /** Deletes the batches of the run before. A run that failed in this database starts again under the same id. */
  async begin(em: EntityManager, run: Omit<RunRow, 'entity'>): Promise<void> {
    await this.forgetBatches(em);
    await this.forgetRejects(em, run.id);
    await em.nativeDelete(this.#tables.runs, { id: run.id, entity: this.#entity });
    await em.insert(this.#tables.runs, { ...run, entity: this.#entity });
  }

  /** Notes the files of a run that begins. */
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

  /** Notes how many records files have of which all have been dealt with, from the file at `position` on. */
  async markFiles(em: EntityManager, run: string, position: number, counts: readonly number[]): Promise<void> {
    for (const [index, records] of counts.entries()) {
      const key = { run, entity: this.#entity, position: position + index };
      await em.nativeUpdate(this.#tables.files, key, { records });
    }
  }

  /** How many records each of the files has of which all have been dealt with, from the first file on. */
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
   * Changes a run, provided that it is loading and has read so many records.
   *
   * @throws MeridianError `locked` when another process has taken it over, after this one lost its lock
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

  /** @throws Error when one of them exists already */
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
      // some drivers answer without a turn of the event loop, which Ctrl-C needs
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

  /** Those of a run in the order of their numbers, in pages: fewer rows where they are long. */
  async *rejects(em: EntityManager, run: string, pageBytes = PAGE_BYTES): AsyncGenerator<RejectContent[]> {
    let after = 0;
    for (;;) {
      const last = await this.#endOfPage(em, run, after, pageBytes);
      if (last === undefined) {
        return;
      }
      // not as entities, which take longer to make than to read
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

  /** @returns the number of the last reject of the page after `after`; `undefined` when there is none */
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

  /** Those of a run with these numbers, as far as there are such, in their order. */
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

  /** The file of a run with the most rejects; the first by its name of those with as many. */
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

  /** Run -> the number of its rejects; runs without any are not among them. */
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
