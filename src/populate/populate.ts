/** Populates several databases at once: open, look at the sources, migrate, load concurrently, check references. */
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
import { beginRun } from './resume/begin.ts';
import { markChecked, restoreIndexesOfFew } from './resume/mark.ts';
import { closeSources, type OpenedSource, openSources } from './sources.ts';

/**
 * Loads all sources concurrently and reports what became of every record.
 *
 * @throws MeridianError when nothing could be loaded at all: a source or a database that cannot be opened, a column
 *   that is missing, a failed migration, a lock, a source that has changed since its run was stopped. What stops a single
 *   load later is in its report as `failure`. The same call goes on with what was left unfinished.
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
    for (const { database, load } of participants) {
      if (load === undefined) {
        // it was only migrated, and is only read from here on
        await locks.get(database.name)?.release();
      }
    }
    await beginRun(participants, options);
    await loadAll(participants, options);
    leaveToOthers(participants, locks);
    await checkLoads(participants, options);
    await markChecked(participants, options);
    if (options.signal?.aborted) {
      await restoreIndexesOfFew(participants);
    }
    return await finish(participants, options, startedAt);
  } finally {
    // one that fails must keep none of the others open, and must not hide what went wrong before
    await closeSources(sources);
    await Promise.allSettled(participants.map(release));
    for (const lock of locks.values()) {
      await lock.release();
    }
    await temporary.remove();
  }
}

/** A database whose lock was lost may be another run's by now: all that is left to do there is left to the next one. */
function leaveToOthers(participants: readonly Participant[], locks: ReadonlyMap<string, DatabaseLock>): void {
  for (const one of participants.filter(({ load }) => load !== undefined)) {
    try {
      locks.get(one.database.name)?.check();
    } catch (error) {
      advance(one, { kind: 'failed', failure: asError(error) });
    }
  }
}
