/** Runs all loads concurrently, in separate threads if that is worthwhile. */

import { asError, settleAll } from '../shared/async/settle.ts';
import { monotonic } from '../shared/environment.ts';
import { MeridianError } from '../shared/errors.ts';
import { deferrableRelations, inLoadSequence, targetsAmong } from './load-sequence.ts';
import { type BegunLoad, failureOf } from './load-state.ts';
import type { PopulateOptions } from './options.ts';
import { advance, begunLoad, type Participant } from './participant.ts';
import { restore } from './resume/restore.ts';
import { loadInThread } from './threads/load-in-thread.ts';
import { loadsInThreads } from './threads/use-threads.ts';
import { TRANSACTION_RECORDS } from './write/load.ts';
import { runLoad } from './write/run-load.ts';

/** Maximum number of concurrently loaded databases: each holds some batches of records in memory. */
const CONCURRENT_DATABASES = 8;

/** Each load ends as loaded or failed; a failure does not stop the others. */
export async function loadAll(participants: readonly Participant[], options: PopulateOptions): Promise<void> {
  const threaded = await loadsInThreads(participants, options);
  if (threaded.size > 0) {
    await options.beforeThreads?.();
  }
  const loads = participants.filter(({ load }) => load !== undefined);
  // SQLite has one writer, and records need their targets: the loads of a database run one after the other
  const waiting = [...Map.groupBy(loads, ({ table }) => table.database).values()].values();
  await settleAll(
    Array.from({ length: CONCURRENT_DATABASES }, async () => {
      // all workers share the iterator
      for (const group of waiting) {
        const ordered = inLoadSequence(group);
        for (const [index, one] of ordered.entries()) {
          const stopped = targetsAmong(one, ordered.slice(0, index)).find(isStopped);
          await loadOne(one, stopped, deferrableRelations(one, ordered), threaded.has(one), options);
        }
      }
    }),
  );
}

/** Whether a load ended before the end of its source, so that some of its records may be missing. */
function isStopped(one: Participant): boolean {
  const load = begunLoad(one);
  return load !== undefined && failureOf(load) !== undefined;
}

/** @param stopped a load of targets that ended early */
async function loadOne(
  one: Participant,
  stopped: Participant | undefined,
  deferrable: ReadonlySet<string>,
  isThreaded: boolean,
  options: PopulateOptions,
): Promise<void> {
  const load = begunLoad(one);
  if (load?.state !== 'loading') {
    return;
  }
  if (stopped !== undefined) {
    const sentence = `${one.table.name}: its records refer to rows of ${stopped.table.name}, whose load was stopped before its end, and are loaded only after it. Complete the load of ${stopped.table.name}, and run the same command again.`;
    advance(one, { kind: 'failed', failure: new MeridianError('database', sentence) });
    return;
  }
  const startedAt = monotonic();
  // includes the time of earlier processes
  const seconds = () => load.seconds + (monotonic() - startedAt) / 1000;
  try {
    if (load.continued !== undefined && load.continued.state !== 'loading') {
      advance(one, { kind: 'restored', progress: await restore(one, load.continued, options.signal) });
    } else {
      await (isThreaded ? inThread : here)(one, load, deferrable, options);
    }
    advance(one, { kind: 'loaded', seconds: seconds() });
  } catch (error) {
    advance(one, { kind: 'failed', failure: asError(one.table.database.explain(error)), seconds: seconds() });
  }
}

async function here(
  one: Participant,
  load: BegunLoad,
  deferrable: ReadonlySet<string>,
  options: PopulateOptions,
): Promise<void> {
  const { table, em, shape } = one;
  const { open, source, columns, continued } = load;
  const progress = continued === undefined ? load.progress : await restore(one, continued, options.signal);
  advance(one, { kind: 'restored', progress });
  await runLoad({
    table,
    em,
    shape,
    source: open,
    sourceName: source.name,
    columns,
    progress,
    onConflict: options.onConflict ?? 'reject',
    deferrable,
    ...sizesOf(one, options),
    signal: options.signal ?? new AbortController().signal,
    listener: options.listener,
  });
}

async function inThread(
  one: Participant,
  load: BegunLoad,
  deferrable: ReadonlySet<string>,
  options: PopulateOptions,
): Promise<void> {
  const { table } = one;
  const { database } = table;
  const { spec, name } = load.source;
  if (spec === undefined || options.databaseModule === undefined) {
    throw new Error(`${table.name}: ${name} cannot be loaded in a thread of its own.`);
  }
  await load.open.close();
  const { progress, failure } = await loadInThread(
    one,
    {
      database: database.name,
      entity: table.declaration.name,
      databaseModule: options.databaseModule,
      location: database.location,
      migrationsDirectory: options.databaseOptions?.(database.name).migrationsDirectory,
      source: spec,
      columns: options.columns?.[table.name] ?? {},
      values: one.values,
      onConflict: options.onConflict ?? 'reject',
      deferrable,
      ...sizesOf(one, options),
    },
    load.progress.run,
    options.signal ?? new AbortController().signal,
    options.listener,
  );
  advance(one, { kind: 'restored', progress });
  if (failure) {
    throw failure;
  }
}

/** A given batch size also sets the transaction size, unless that is given too. */
function sizesOf({ table }: Participant, { batchRecords, transactionRecords = batchRecords }: PopulateOptions) {
  return {
    batchRecords: batchRecords ?? table.database.engine.batchRecords,
    transactionRecords: transactionRecords ?? TRANSACTION_RECORDS,
  };
}
