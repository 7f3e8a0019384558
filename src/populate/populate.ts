/** Populates several databases at once: open, look at the sources, migrate, load concurrently, check references. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseLock, lockDatabase } from '../databases/lock.ts';
import { refuseSharedFiles } from '../databases/shared-files.ts';
import { asError, settleAll } from '../settle.ts';
import { BATCH_RECORDS, load } from './load.ts';
import type { PopulateOptions } from './options.ts';
import {
  columnSentences,
  type OpenedSource,
  openSources,
  type Participant,
  participant,
  participating,
  prepare,
  refuseMissingTargets,
  release,
} from './participant.ts';
import { checkAllReferences } from './references.ts';
import type { DatabaseReport, PopulateReport } from './report.ts';
import { settleUnchecked } from './unchecked.ts';

/**
 * Loads all sources concurrently and reports what became of every record.
 *
 * @throws MeridianError when nothing could be loaded at all: a source or a database that cannot be opened, a column
 *   that is missing, a failed migration, a lock. What stops a single load later is in its report as `failure`.
 */
export async function populate(options: PopulateOptions): Promise<PopulateReport> {
  const startedAt = performance.now();
  const declarations = participating(options);
  const participants: Participant[] = [];
  const locks = new Map<string, DatabaseLock>();
  const scratch = await mkdtemp(join(tmpdir(), 'meridian-'));
  let sources: ReadonlyMap<string, OpenedSource> = new Map();
  try {
    sources = await openSources(declarations, options);
    for (const declaration of declarations) {
      participants.push(participant(declaration, sources.get(declaration.name), options));
    }
    refuseSharedFiles(participants.map(({ database }) => database));
    // those that are there first: connecting to one that is missing makes it
    const connect = (isMissing: boolean) =>
      settleAll(
        participants.filter((one) => one.database.isMissing === isMissing).map((one) => one.database.connect()),
      );
    await connect(false);
    await settleAll(participants.map((one) => refuseMissingTargets(one, participants)));
    await connect(true);
    // one after the other and always in this order, so that two runs never wait for each other
    for (const { database } of participants) {
      locks.set(database.name, await lockDatabase(database));
    }
    await settleAll(participants.map((one) => prepare(one, options)));
    for (const { database, loading } of participants) {
      if (!loading) {
        // it was only migrated, and is only read from here on
        await locks.get(database.name)?.release();
      }
    }
    await settleUnchecked(participants, scratch, options);
    await settleAll(participants.map((one) => run(one, options)));
    await checkAllReferences(participants, options);
    return await finish(participants, options, startedAt);
  } finally {
    // one that fails must keep none of the others open, and must not hide what went wrong before
    await Promise.allSettled([...sources.values()].map(({ open }) => open.close()));
    await Promise.allSettled(participants.map(release));
    for (const lock of locks.values()) {
      await lock.release();
    }
    await rm(scratch, { recursive: true, force: true });
  }
}

async function run({ database, em, shape, loading }: Participant, options: PopulateOptions): Promise<void> {
  if (!loading) {
    return;
  }
  const { name } = database;
  const { open, columns, ledger } = loading;
  const { listener } = options;
  const startedAt = performance.now();
  listener?.started?.(name, open.progress());
  try {
    await load({
      database,
      em,
      shape,
      source: open,
      sourceName: loading.source.name,
      columns,
      onConflict: options.onConflict ?? 'reject',
      batchRecords: options.batchRecords ?? BATCH_RECORDS,
      signal: options.signal ?? new AbortController().signal,
      beforeCommit: async (accepted) => {
        await loading.accepted?.append(accepted);
      },
      onBatch: async (result) => {
        for (const entry of result.entries) {
          ledger.add(entry);
        }
        listener?.rejected?.(
          name,
          result.entries.filter(({ outcome }) => outcome === 'rejected'),
        );
        listener?.progressed?.(name, open.progress(), ledger.counts.read);
        await loading.rejects?.add(result.rejects);
      },
    });
  } catch (error) {
    loading.failure = asError(error);
  }
  loading.seconds = secondsSince(startedAt);
  listener?.loaded?.(name);
  if (open.columns === undefined) {
    // each record has named its own columns, so only now is it known which there were
    for (const sentence of columnSentences(loading.source.name, columns)) {
      listener?.warned?.(name, sentence);
    }
  }
}

async function finish(
  participants: readonly Participant[],
  { signal, listener }: PopulateOptions,
  startedAt: number,
): Promise<PopulateReport> {
  const interrupted = signal?.aborted ?? false;
  const databases: Record<string, DatabaseReport> = {};
  for (const { database, loading } of participants) {
    if (!loading) {
      continue;
    }
    const { ledger, rejects, source, seconds } = loading;
    const isUnfinished = interrupted || loading.failure !== undefined;
    let rejectsFile: string | undefined;
    if (rejects && isUnfinished && source.file !== undefined && (await rejects.isFile(source.file))) {
      listener?.warned?.(
        database.name,
        `${rejects.path} was being read and is not replaced, since not all of it was loaded. Run the same command again.`,
      );
    } else if (rejects) {
      loading.rejects = undefined;
      try {
        await rejects.publish();
        rejectsFile = rejects.path;
      } catch (error) {
        loading.failure ??= asError(error);
      }
    }
    databases[database.name] = {
      ...ledger.counts,
      seconds,
      reasons: ledger.reasons,
      details: ledger.details,
      rejectsFile,
      failure: loading.failure,
    };
  }
  return { databases, seconds: secondsSince(startedAt), interrupted };
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
