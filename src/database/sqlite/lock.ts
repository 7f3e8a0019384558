/** The lock of a database file: SQLite's own lock on a file beside it, so that it ends with the process that holds it. */
import { existsSync, lstatSync } from 'node:fs';
import process from 'node:process';
import { environment, monotonic, sleep, timestamp } from '../../shared/environment.ts';
import { MeridianError, messageOf, RAISE_FILE_LIMIT } from '../../shared/errors.ts';
import type { DatabaseLock, LockRequest } from '../engine.ts';
import { displayPath } from '../location.ts';
import { lockedError } from '../locked.ts';
import { readOnlySentence } from './access.ts';
import { SqliteFile } from './better-sqlite3.ts';
import { fullSentence, isSqliteFull, isSqliteReadOnly, lacksDescriptors } from './errors.ts';

const RETRY_MILLISECONDS = 50;

/** A read-only run writes nothing, including this table. */
const UNRECORDED_HOLDER = 'a dry run or verify';

const NO_LOCK: DatabaseLock = { check: () => undefined, release: () => Promise.resolve() };

/** @param file the lock file; none if no other process can use the database */
export async function lockSqliteFile(file: string | undefined, request: LockRequest): Promise<DatabaseLock> {
  const { database, isReadOnly, waitSeconds } = request;
  // a read-only run creates nothing; without the file, no process has ever held the lock
  if (file === undefined || (isReadOnly && !existsSync(file))) {
    return NO_LOCK;
  }
  const lock = usable(database, file, () => openLock(file));
  const deadline = monotonic() + waitSeconds * 1000;
  try {
    // waits here and not in SQLite, so that other work continues meanwhile
    while (!usable(database, file, () => take(lock, !isReadOnly))) {
      if (monotonic() >= deadline) {
        throw lockedError(
          request,
          usable(database, file, () => holderOf(lock)),
        );
      }
      await sleep(RETRY_MILLISECONDS);
    }
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    // the operating system keeps the lock as long as this process has the file open
    check: () => undefined,
    async release() {
      lock.close();
    },
  };
}

function openLock(file: string): SqliteFile {
  refuseLink(file);
  const lock = new SqliteFile(file, { timeout: 0 });
  environment().disk?.opened(lock, 0);
  try {
    // nothing is written before it is certain that the name is not a link
    refuseLink(file);
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Through a link in place of the lock file, SQLite would write into another file. */
function refuseLink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error('it is a symbolic link, which is not followed');
  }
}

/**
 * @throws MeridianError for a file that cannot be used. Not `locked`, which would say that another process holds the lock; that is unknown.
 */
function usable<T>(database: string, file: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const path = displayPath(file);
    if (lacksDescriptors(error)) {
      const sentence = `${database}: the lock file ${path} cannot be opened: ${RAISE_FILE_LIMIT}.`;
      throw new MeridianError('database', sentence, { cause: error });
    }
    const sentence = isSqliteReadOnly(error)
      ? readOnlySentence(file)
      : isSqliteFull(error)
        ? fullSentence(file)
        : `${path} cannot be used (${messageOf(error)}). Give this user write permission on it and its directory, or remove it if no populate is running.`;
    throw new MeridianError('database', `${database}: the lock file ${sentence}`, { cause: error });
  }
}

/** The process that has recorded itself as the lock's holder, if it still runs. */
function holderOf(lock: SqliteFile): string {
  // the holder may be recording itself just now
  lock.pragma('busy_timeout = 1000');
  if (lock.prepare("select 1 from sqlite_master where name = 'holder'").get() === undefined) {
    return UNRECORDED_HOLDER;
  }
  const holder = lock.prepare('select pid, since from holder').get() as { pid: number; since: string } | undefined;
  return holder && isAlive(holder.pid) ? `process ${holder.pid}, since ${holder.since}` : UNRECORDED_HOLDER;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes the lock until the connection closes. Unless it is read-only, records the holder first, for other processes. */
function take(lock: SqliteFile, isWriter: boolean): boolean {
  try {
    lock.exec('begin immediate');
    if (isWriter) {
      lock.exec('create table if not exists holder (pid integer not null, since text not null)');
      lock.exec('delete from holder');
      lock.prepare('insert into holder values (?, ?)').run(process.pid, timestamp());
      lock.exec('commit');
      lock.exec('begin immediate');
    }
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) {
      if (lock.inTransaction) {
        lock.exec('rollback');
      }
      return false;
    }
    throw error;
  }
}
