/** Loads the records of a source into an entity's table: one batch per statement, several batches per transaction. */

import type { EntityManager } from '../../database/database.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import type { Entry } from '../../loads/ledger.ts';
import { type LineSpan, spanning, spanOf, spanText } from '../../loads/line-span.ts';
import { settleAll } from '../../shared/async/settle.ts';
import { nextTurn } from '../../shared/environment.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { OpenSource, RawRecord } from '../read/source.ts';
import type { Columns } from '../record/columns.ts';
import type { EntityShape } from '../record/shape.ts';
import { type Validated, validate } from '../record/validate.ts';
import type { LoadProgress } from '../resume/load-progress.ts';
import { batchResult } from './batch-result.ts';
import { BatchWriter } from './batch-writer.ts';
import { afterFirst, type End, inBatches, nextOf } from './batches.ts';
import type { OnConflict } from './classify.ts';

/**
 * Records per transaction. A transaction writes each changed index page once, so fewer and larger ones write less; a kill loses the work of
 * one transaction.
 */
export const TRANSACTION_RECORDS = 50_000;

export interface LoadTask {
  readonly table: Table;
  readonly em: EntityManager;
  readonly shape: EntityShape;
  readonly source: OpenSource;
  /** The name that the user specified. */
  readonly sourceName: string;
  readonly columns: Columns;
  readonly onConflict: OnConflict;
  /** Relations whose targets may be loaded after their records. */
  readonly deferrable: ReadonlySet<string>;
  readonly batchRecords: number;
  readonly transactionRecords: number;
  /** When aborted, the load ends after its current batch. */
  readonly signal: AbortSignal;
  /** The progress of the load; records that are processed already are skipped. */
  readonly progress: LoadProgress;
  /**
   * Called after each batch is written, with its records that are reported one by one. The returned function is called after the batch is
   * committed.
   */
  readonly onBatch: (entries: readonly Entry[]) => (() => void) | undefined;
  /** Called after each transaction. */
  readonly onCommit: () => void;
}

interface Batch {
  readonly records: readonly RawRecord[];
  /** The entity or the errors of each record, in the same order. */
  readonly validated: readonly Validated[];
}

/**
 * Loads until the source ends or `signal` is aborted. Each transaction includes its progress.
 *
 * @throws MeridianError for an error of the source, after committing the batches before it; or for an error of the database, after the
 *   transactions before it
 */
export async function load(task: LoadTask): Promise<void> {
  const { shape, source, progress } = task;
  const writer = new BatchWriter(task.table, shape, task.onConflict, progress, task.deferrable);
  // completely processed files are not read again
  source.skipFiles?.(progress.readFiles);
  const skipped = progress.readFiles.reduce((sum, count) => sum + count, 0);
  const left = afterFirst(progress.ledger.counts.read - skipped, source.records);
  const batches = inBatches(left, task.batchRecords, task.signal, source.charactersRead);
  const nextBatch = async (): Promise<Batch | End> => {
    const records = await nextOf(batches);
    return Array.isArray(records)
      ? { records, validated: records.map((raw) => validate(shape, task.columns, raw)) }
      : records;
  };
  const write = async (em: EntityManager, { records, validated }: Batch) => {
    const entities: Values[] = [];
    for (const one of validated) {
      if ('entity' in one) {
        entities.push(one.entity);
      }
    }
    const decisions = await writer.write(em, entities);
    const result = batchResult(shape, records, validated, decisions, progress.isDetailed(records.length));
    // when it is loaded again, a rejects file provides the columns of its records
    const rejects = result.rejects.map((one) => ({ ...one, map: task.columns.mapOf(one.map) }));
    await progress.record(em, { ...result, rejects });
    return task.onBatch(result.entries);
  };
  /** Writes batches from `first` on, until the transaction is full or the source ends. */
  const writeSome = async (em: EntityManager, first: Batch, onLines: (lines: LineSpan) => void) => {
    // reports that wait for the commit do not retain records
    const reports: (() => void)[] = [];
    let next: Batch | End | undefined = first;
    let count = 0;
    // an error at the commit could not be attributed to a record
    await task.table.database.engine.checkImmediately(em);
    while (next !== undefined && 'records' in next) {
      const batch: Batch = next;
      onLines(spanOf(batch.records));
      count += batch.records.length;
      // a batch that is short because its records are long is enough for one transaction
      const hasRoom: boolean = count < task.transactionRecords && batch.records.length === task.batchRecords;
      const readNext = async () => {
        // the statement is sent first; and where the driver is synchronous, other loads and Ctrl-C need a turn of the event loop
        await nextTurn();
        return hasRoom ? nextBatch() : undefined;
      };
      const [report, following] = await settleAll([write(em, batch), readNext()]);
      if (report !== undefined) {
        reports.push(report);
      }
      next = following;
    }
    await progress.write(em, source.readFiles?.());
    await task.table.advanceSequences(em);
    return { reports, end: next };
  };
  const { engine } = task.table.database;
  await engine.keepSavepoints(task.em, 'in memory');
  try {
    // no transaction begins, with its write lock, before there is something to write
    let next = await nextBatch();
    while ('records' in next) {
      const first = next;
      let lines = spanOf(first.records);
      const onLines = (more: LineSpan) => {
        lines = spanning(lines, more);
      };
      const done = await writeOnce(task, (em) => writeSome(em, first, onLines)).catch((error) => {
        throw withLines(task, error, lines);
      });
      progress.advance();
      for (const report of done.reports) {
        report();
      }
      task.onCommit();
      next = done.end ?? (await nextBatch());
    }
    if ('fault' in next) {
      throw next.fault;
    }
  } finally {
    await source.close();
    await engine.keepSavepoints(task.em, 'by default');
  }
}

/** Runs one transaction. If a connection breaks during the commit, the database is asked whether the transaction was committed. */
async function writeOnce<T>({ table, em, progress }: LoadTask, work: (em: EntityManager) => Promise<T>): Promise<T> {
  let done: { readonly result: T } | undefined;
  try {
    return await table.write(em, async (transaction) => {
      const result = await work(transaction);
      done = { result };
      return result;
    });
  } catch (error) {
    if (done !== undefined && (await isCommitted())) {
      return done.result;
    }
    progress.isExact = false;
    throw error;
  }

  async function isCommitted(): Promise<boolean> {
    try {
      // the write lock waits for a commit in progress
      return await table.write(em, (transaction) => progress.isBehind(transaction));
    } catch {
      // the caller throws the database's original error
      return false;
    }
  }
}

/** The error for the user, with the lines of the records that were not loaded. */
function withLines({ table, sourceName }: LoadTask, error: unknown, lines: LineSpan): MeridianError {
  const { code, message } = table.database.fault(error);
  const sentence = `${message} The records of ${sourceName}, ${spanText(lines)} were not loaded.`;
  return new MeridianError(code, sentence, { cause: error });
}
