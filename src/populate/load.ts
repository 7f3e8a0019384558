/** The one load function: records of a source into the table of an entity, a batch a transaction. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, EntityManager } from '../databases/database.ts';
import { MeridianError } from '../errors.ts';
import { batchResult } from './batch-result.ts';
import { BatchWriter } from './batch-writer.ts';
import type { OnConflict } from './classify.ts';
import type { Entry } from './ledger.ts';
import type { OpenSource, RawRecord } from './read/source.ts';
import type { Columns } from './record/columns.ts';
import type { EntityShape } from './record/shape.ts';
import { validate } from './record/validate.ts';
import type { LoadProgress } from './run/load-progress.ts';

/** Records a transaction: enough to make its cost small, few enough to end soon after Ctrl-C. */
export const BATCH_RECORDS = 10_000;

export interface LoadTask {
  readonly database: Database;
  readonly em: EntityManager;
  readonly shape: EntityShape;
  readonly source: OpenSource;
  /** As the user named it. */
  readonly sourceName: string;
  readonly columns: Columns;
  readonly onConflict: OnConflict;
  readonly batchRecords: number;
  /** When aborted, the load ends after the batch that is under way. */
  readonly signal: AbortSignal;
  /** How far the load is; records that it has dealt with are passed over. */
  readonly progress: LoadProgress;
  /** Told of each batch that is committed, with the records of it that are told one by one. */
  readonly onBatch: (entries: readonly Entry[]) => void;
}

/**
 * Loads until the source ends or `signal` is aborted. Each batch goes in whole or not at all, with the account of it.
 *
 * @throws MeridianError what the source or the database says; the batches before it stay in
 */
export async function load(task: LoadTask): Promise<void> {
  const { database, shape, source, progress } = task;
  const writer = new BatchWriter(database, shape, task.onConflict, progress.accepted);
  const left = after(progress.ledger.counts.read, source.records);
  try {
    for await (const batch of inBatches(left, task.batchRecords, task.signal)) {
      const validated = batch.map((raw) => validate(shape, task.columns, raw));
      const entities = validated.flatMap((one) => ('entity' in one ? [one.entity] : []));
      const result = await telling(task, batch, () =>
        writeOnce(task, async (transaction) => {
          const decisions = await writer.write(transaction, entities);
          const decided = batchResult(shape, batch, validated, decisions, progress.ledger.isDetailed(batch.length));
          await progress.record(transaction, decided);
          return decided;
        }),
      );
      progress.advance(result);
      task.onBatch(result.entries);
      // the driver is synchronous: without a turn of the event loop, loads that wait for a file would hardly get on,
      // and neither would Ctrl-C
      await nextTurn();
    }
  } finally {
    await source.close();
  }
}

/** What comes after the first `count` records. @throws MeridianError `source` when there are not even as many */
async function* after(
  count: number,
  chunks: AsyncIterable<readonly RawRecord[]>,
): AsyncGenerator<readonly RawRecord[]> {
  for await (const chunk of chunks) {
    const from = chunk.findIndex(({ number }) => number > count);
    if (from !== -1) {
      yield from === 0 ? chunk : chunk.slice(from);
    }
  }
}

/** Writes a batch. A connection that breaks over the commit does not tell whether there was one, so the database is asked. */
async function writeOnce<T>({ database, em, progress }: LoadTask, work: (em: EntityManager) => Promise<T>): Promise<T> {
  let done: { readonly result: T } | undefined;
  try {
    return await database.write(em, async (transaction) => {
      const result = await work(transaction);
      done = { result };
      return result;
    });
  } catch (error) {
    if (done !== undefined && (await isCommitted())) {
      return done.result;
    }
    throw error;
  }

  async function isCommitted(): Promise<boolean> {
    try {
      // with the write lock, so that a commit that is still under way is over
      return await database.write(em, (transaction) => progress.isBehind(transaction));
    } catch {
      // a database that does not answer has said why already
      return false;
    }
  }
}

/** Says of an error which records it kept out. */
async function telling<T>(
  { database, sourceName }: LoadTask,
  batch: readonly RawRecord[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const explained = database.explain(error);
    if (!(explained instanceof MeridianError)) {
      throw explained;
    }
    const [first, last] = [batch[0]?.line, batch.at(-1)?.line];
    const where = `${sourceName}, ${first === last ? `line ${first}` : `lines ${first} to ${last}`}`;
    throw new MeridianError(explained.code, `${explained.message} The records of ${where} did not go in.`, {
      cause: error,
    });
  }
}

/** Cuts chunks of any size into batches; an incomplete batch is given only when the source has really ended. */
async function* inBatches(
  chunks: AsyncIterable<readonly RawRecord[]>,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<RawRecord[]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let waiting: RawRecord[] = [];
  while (!signal.aborted) {
    const next = await unlessAborted(iterator.next(), signal);
    if (next === undefined) {
      return;
    }
    if (next.done) {
      if (waiting.length > 0) {
        yield waiting;
      }
      return;
    }
    for (const record of next.value) {
      waiting.push(record);
      if (waiting.length === size) {
        yield waiting;
        waiting = [];
        if (signal.aborted) {
          return;
        }
      }
    }
  }
}

/** What `work` gives, or nothing once the signal is aborted. Leaves nothing behind at the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return promise;
}
