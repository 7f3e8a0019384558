/** Runs all loads at once, each in a thread of its own where that pays. */
import { asError, settleAll } from '../shared/async/settle.ts';
import type { PopulateOptions } from './options.ts';
import { type Loading, type Participant, stopLoad } from './participant.ts';
import { restore } from './resume/restore.ts';
import { useThreads } from './threads/decide.ts';
import { loadInThread } from './threads/load-in-thread.ts';
import { BATCH_RECORDS, TRANSACTION_RECORDS } from './write/load.ts';
import { runLoad } from './write/run-load.ts';

/** Loads at a time: each holds some batches of records in memory. */
const CONCURRENT_LOADS = 8;

/** What stops a load is in its `failure`. */
export async function loadAll(participants: readonly Participant[], options: PopulateOptions): Promise<void> {
  const isThreaded = await useThreads(participants, options);
  const waiting = participants.values();
  await settleAll(
    Array.from({ length: CONCURRENT_LOADS }, async () => {
      // all take from the same iterator
      for (const one of waiting) {
        await loadOne(one, isThreaded, options);
      }
    }),
  );
}

async function loadOne(one: Participant, isThreaded: boolean, options: PopulateOptions): Promise<void> {
  const { loading } = one;
  if (!loading || loading.hasEnded) {
    return;
  }
  const startedAt = performance.now();
  try {
    if (loading.continued !== undefined && loading.continued.state !== 'loading') {
      loading.progress = await restore(one, loading.continued, options.signal);
    } else {
      await (isThreaded ? inThread(one, loading, options) : here(one, loading, options));
    }
  } catch (error) {
    stopLoad(loading, asError(one.database.explain(error)));
  }
  // a run that is continued took the time before as well
  loading.seconds = (loading.continued?.seconds ?? 0) + (performance.now() - startedAt) / 1000;
}

async function here(one: Participant, loading: Loading, options: PopulateOptions): Promise<void> {
  const { database, em, shape } = one;
  if (loading.continued !== undefined) {
    loading.progress = await restore(one, loading.continued, options.signal);
  }
  await runLoad({
    database,
    em,
    shape,
    source: loading.open,
    sourceName: loading.source.name,
    columns: loading.columns,
    progress: loading.progress,
    onConflict: options.onConflict ?? 'reject',
    ...sizesOf(options),
    signal: options.signal ?? new AbortController().signal,
    listener: options.listener,
  });
}

async function inThread(one: Participant, loading: Loading, options: PopulateOptions): Promise<void> {
  const { database } = one;
  const { spec } = loading.source;
  if (spec === undefined || options.databaseModule === undefined) {
    throw new Error(`${database.name}: ${loading.source.name} cannot be loaded in a thread of its own.`);
  }
  await loading.open.close();
  const { progress, failure } = await loadInThread(
    one,
    {
      database: database.name,
      databaseModule: options.databaseModule,
      location: database.location,
      migrationsDirectory: options.databaseOptions?.(database.name).migrationsDirectory,
      source: spec,
      columns: options.columns?.[database.name] ?? {},
      onConflict: options.onConflict ?? 'reject',
      ...sizesOf(options),
    },
    loading.progress.run,
    options.signal ?? new AbortController().signal,
    options.listener,
  );
  loading.progress = progress;
  if (failure) {
    throw failure;
  }
}

/** Who says how large a batch is wants each of them committed. */
function sizesOf({ batchRecords, transactionRecords = batchRecords }: PopulateOptions) {
  return {
    batchRecords: batchRecords ?? BATCH_RECORDS,
    transactionRecords: transactionRecords ?? TRANSACTION_RECORDS,
  };
}
