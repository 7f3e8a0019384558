/** Populates several databases: opens and examines the sources, migrates, loads concurrently, checks references. */

import { type DatabaseLock, lockDatabase } from '../database/lock.ts';
import { refuseSharedFiles } from '../database/shared-files.ts';
import { asError, settleAll } from '../shared/async/settle.ts';
import { monotonic } from '../shared/environment.ts';
import { MeridianError } from '../shared/errors.ts';
import { makeTemporaryFolder } from '../shared/files/temporary-folder.ts';
import { decide } from './all-or-nothing/decide.ts';
import { checkLoads } from './check/check-loads.ts';
import { finish } from './finish.ts';
import { loadAll } from './load-all.ts';
import { type SkippedFile, skipLoaded } from './only-new.ts';
import type { PopulateOptions } from './options.ts';
import {
  advance,
  databasesOf,
  eachTable,
  type Participant,
  participantsOf,
  participating,
  release,
} from './participant.ts';
import { spreadOut } from './partition/spread.ts';
import { migrateAll, prepare, refuseMissingTargets } from './prepare.ts';
import { limited, observeEarlier } from './rejects/limited.ts';
import { RejectLimit } from './rejects/reject-limit.ts';
import type { PopulateReport } from './report.ts';
import { reportDetected } from './report-detected.ts';
import { beginRun } from './resume/begin-run.ts';
import { orderAsBegun } from './resume/grown-sets.ts';
import { markChecked, restoreIndexesOfFew } from './resume/run-states.ts';
import { readTargetsWhole } from './sampled-targets.ts';
import { closeSources, type OpenedSource, openSources } from './sources.ts';

/**
 * Loads all sources concurrently and reports the outcome of every record.
 *
 * @throws MeridianError if nothing could be loaded at all: a source or a database cannot be opened, a column is missing, a migration
 *   failed, a database is locked, or a source has changed since its run was stopped. The report of a single load that stops later contains
 *   its `failure`. The same call continues an unfinished run.
 */
export async function populate(given: PopulateOptions): Promise<PopulateReport> {
  refuseTogether(given);
  const startedAt = monotonic();
  const limit = given.maxRejects === undefined ? undefined : new RejectLimit(given.maxRejects);
  const participants: Participant[] = [];
  const locks = new Map<string, DatabaseLock>();
  const temporary = await makeTemporaryFolder('populate');
  let sources = new Map<string, OpenedSource>();
  try {
    const options = await spreadOut(limited(given, limit), temporary.path);
    const tables = participating(options);
    sources = await openSources(tables, options, temporary.path);
    reportDetected(sources, options);
    await participantsOf(tables, sources, options, (one) => participants.push(one));
    if (options.sample !== undefined) {
      await readTargetsWhole(participants, sources);
    }
    const databases = databasesOf(participants);
    refuseSharedFiles(databases);
    // existing databases first, since connecting to a missing one creates it
    const connect = (isMissing: boolean) =>
      settleAll(databases.filter((one) => one.isMissing === isMissing).map((one) => one.connect()));
    await connect(false);
    await settleAll(participants.map((one) => refuseMissingTargets(one, participants)));
    await connect(true);
    // always in the same order, so that two runs never wait for each other
    for (const database of databases) {
      locks.set(database.name, await lockDatabase(database));
    }
    await migrateAll(participants, options);
    const skipped = options.onlyNew ? await skipLoaded(participants, sources) : undefined;
    if (!options.restart && !options.dryRun) {
      await orderAsBegun(participants, sources, options.listener);
    }
    if (skipped !== undefined && participants.every(({ load }) => load === undefined)) {
      return { ...(await finish([], options, startedAt)), ...skippedIn(skipped) };
    }
    await eachTable(participants, (one) => prepare(one, options));
    for (const database of databases) {
      if (participants.every(({ table, load }) => table.database !== database || load === undefined)) {
        // it is migrated, and only read from here on
        await locks.get(database.name)?.release();
      }
    }
    given.listener?.beginning?.();
    await beginRun(participants, options);
    observeEarlier(participants, limit);
    await loadAll(participants, options);
    stopWhereLocksAreLost(participants, locks);
    const unchecked = await checkLoads(participants, options, limit);
    limit?.settle();
    const isInterrupted = given.signal?.aborted ?? false;
    const reverted = options.allOrNothing
      ? await decide(participants, options, limit, isInterrupted, (one) => isHeld(locks.get(one.table.database.name)))
      : undefined;
    await markChecked(participants, options);
    if (options.signal?.aborted) {
      await restoreIndexesOfFew(participants);
    }
    const report = await finish(participants, options, startedAt, { limit, reverted, unchecked });
    return { ...report, ...skippedIn(skipped) };
  } finally {
    // if one fails to close, the others are closed anyway, and an earlier error is not hidden
    await closeSources(sources);
    for (const one of participants) {
      await release(one).catch(() => undefined);
    }
    for (const lock of locks.values()) {
      await lock.release();
    }
    await temporary.remove();
  }
}

/** @throws MeridianError `usage` */
function refuseTogether({ onlyNew, sample, spread }: PopulateOptions): void {
  const other =
    sample !== undefined
      ? '--sample reads only their beginning'
      : spread !== undefined
        ? 'the records of this load are spread over several databases'
        : undefined;
  if (onlyNew && other !== undefined) {
    throw new MeridianError('usage', `--only-new compares whole files, and ${other}. Leave one of them out.`);
  }
}

function skippedIn(skipped: ReadonlyMap<string, readonly SkippedFile[]> = new Map()): Pick<PopulateReport, 'skipped'> {
  return skipped.size === 0 ? {} : { skipped: Object.fromEntries(skipped) };
}

function isHeld(lock: DatabaseLock | undefined): boolean {
  try {
    lock?.check();
    return lock !== undefined;
  } catch {
    // the load that lost the lock reports it
    return false;
  }
}

/** Stops loads whose database lock is lost, since another run may hold it. The next run continues them. */
function stopWhereLocksAreLost(participants: readonly Participant[], locks: ReadonlyMap<string, DatabaseLock>): void {
  for (const one of participants.filter(({ load }) => load !== undefined)) {
    try {
      locks.get(one.table.database.name)?.check();
    } catch (error) {
      advance(one, { kind: 'failed', failure: asError(error) });
    }
  }
}
