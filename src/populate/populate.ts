/** Populates several databases: opens and examines the sources, migrates, loads concurrently, checks references. */
import { type DatabaseLock, lockDatabase } from '../database/lock.ts';
import { refuseSharedFiles } from '../database/shared-files.ts';
import { asError, settleAll } from '../shared/async/settle.ts';
import { makeTemporaryFolder } from '../shared/files/temporary-folder.ts';
import { checkLoads } from './check/check-loads.ts';
import { finish } from './finish.ts';
import { loadAll } from './load-all.ts';
import type { PopulateOptions } from './options.ts';
import { advance, type Participant, participant, participating, release } from './participant.ts';
import { spreadOut } from './partition/spread.ts';
import { prepare, refuseMissingTargets } from './prepare.ts';
import type { PopulateReport } from './report.ts';
import { beginRun } from './resume/begin-run.ts';
import { markChecked, restoreIndexesOfFew } from './resume/run-states.ts';
import { closeSources, type OpenedSource, openSources } from './sources.ts';

/**
 * Loads all sources concurrently and reports the outcome of every record.
 *
 * @throws MeridianError when nothing could be loaded at all: a source or a database that cannot be opened, a column
 *   that is missing, a failed migration, a lock, a source that has changed since its run was stopped. What stops a
 *   single load later is the `failure` in its report. The same call continues an unfinished run.
 */
export async function populate(given: PopulateOptions): Promise<PopulateReport> {
  const startedAt = performance.now();
  const participants: Participant[] = [];
  const locks = new Map<string, DatabaseLock>();
  const temporary = await makeTemporaryFolder('populate');
  let sources: ReadonlyMap<string, OpenedSource> = new Map();
  try {
    const options = await spreadOut(given, temporary.path);
    const declarations = participating(options);
    sources = await openSources(declarations, options, temporary.path);
    for (const declaration of declarations) {
      participants.push(participant(declaration, sources.get(declaration.name), options));
    }
    refuseSharedFiles(participants.map(({ database }) => database));
    // existing databases first: connecting to a missing one creates it
    const connect = (isMissing: boolean) =>
      settleAll(
        participants.filter((one) => one.database.isMissing === isMissing).map((one) => one.database.connect()),
      );
    await connect(false);
    await settleAll(participants.map((one) => refuseMissingTargets(one, participants)));
    await connect(true);
    // always in this order, so that two runs never wait for each other
    for (const { database } of participants) {
      locks.set(database.name, await lockDatabase(database));
    }
    await settleAll(participants.map((one) => prepare(one, options)));
    for (const { database, load } of participants) {
      if (load === undefined) {
        // it has been migrated, and is only read from here on
        await locks.get(database.name)?.release();
      }
    }
    await beginRun(participants, options);
    await loadAll(participants, options);
    stopWhereLocksAreLost(participants, locks);
    await checkLoads(participants, options);
    await markChecked(participants, options);
    if (options.signal?.aborted) {
      await restoreIndexesOfFew(participants);
    }
    return await finish(participants, options, startedAt);
  } finally {
    // a failure to close one keeps none of the others open, and does not hide an earlier error
    await closeSources(sources);
    await Promise.allSettled(participants.map(release));
    for (const lock of locks.values()) {
      await lock.release();
    }
    await temporary.remove();
  }
}

/** Another run may have the database of a lost lock: this run stops there, and the next one continues it. */
function stopWhereLocksAreLost(participants: readonly Participant[], locks: ReadonlyMap<string, DatabaseLock>): void {
  for (const one of participants.filter(({ load }) => load !== undefined)) {
    try {
      locks.get(one.database.name)?.check();
    } catch (error) {
      advance(one, { kind: 'failed', failure: asError(error) });
    }
  }
}
