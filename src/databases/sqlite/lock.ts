/** The lock of a database file: SQLite's own lock on a file beside it, so that it ends with the process that holds it. */
import { existsSync, lstatSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteFile from 'better-sqlite3';
import { MeridianError, messageOf, RAISE_FILE_LIMIT } from '../../errors.ts';
import { BUSY_SECONDS, type DatabaseLock, type LockRequest } from '../engine.ts';
import { displayPath } from '../location.ts';
import { lockedError } from '../locked.ts';
import { readOnlySentence } from './access.ts';
import { isSqliteReadOnly, lacksDescriptors } from './errors.ts';

const RETRY_MILLISECONDS = 50;

const NO_LOCK: DatabaseLock = { check: () => undefined, release: () => Promise.resolve() };

/** @param file the lock's own file; none where nobody else can be at work */
export async function lockSqliteFile(file: string | undefined, request: LockRequest): Promise<DatabaseLock> {
  const { database, isLookedAt, waitSeconds } = request;
  // who only looks creates nothing: where there is no file, nobody has ever held the lock
  if (file === undefined || (isLookedAt && !existsSync(file))) {
    return NO_LOCK;
  }
  const lock = openLock(database, file);
  const deadline = Date.now() + waitSeconds * 1000;
  try {
    while (!take(lock, !isLookedAt)) {
      if (Date.now() >= deadline) {
        throw lockedError(request, holderOf(lock));
      }
      await pause(RETRY_MILLISECONDS);
    }
  } catch (error) {
    lock.close();
    throw error instanceof MeridianError ? error : unusable(database, file, error);
  }
  return {
    // the operating system keeps it for as long as this process has the file open
    check: () => undefined,
    async release() {
      lock.close();
    },
  };
}

function openLock(database: string, file: string): SqliteFile.Database {
  let lock: SqliteFile.Database | undefined;
  try {
    refuseLink(file);
    lock = new SqliteFile(file, { timeout: BUSY_SECONDS * 1000 });
    // nothing is written before it is known that no link has taken the name meanwhile
    refuseLink(file);
    lock.exec('create table if not exists holder (pid integer not null, since text not null)');
    // from here on the waiting is ours to do, so that other work goes on meanwhile
    lock.pragma('busy_timeout = 0');
    return lock;
  } catch (error) {
    // asked before another descriptor is free again
    const isLimited = lacksDescriptors(error);
    lock?.close();
    throw isLimited
      ? new MeridianError(
          'locked',
          `${database}: the lock file ${displayPath(file)} cannot be opened: ${RAISE_FILE_LIMIT}.`,
          {
            cause: error,
          },
        )
      : unusable(database, file, error);
  }
}

/** Not `locked`: that would say that another process holds the lock, which is unknown. */
function unusable(database: string, file: string, error: unknown): MeridianError {
  const sentence = isSqliteReadOnly(error)
    ? readOnlySentence(file)
    : `${displayPath(file)} cannot be used (${messageOf(error)}). Give this user write permission on it and its directory, or remove it if no populate is running.`;
  return new MeridianError('database', `${database}: the lock file ${sentence}`, { cause: error });
}

/** A link in place of a lock file would let SQLite write into whatever it leads to. */
function refuseLink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error('it is a symbolic link, which is not followed');
  }
}

/** Who has written down that it holds the lock, as long as it lives. */
function holderOf(lock: SqliteFile.Database): string {
  // its holder may be writing just now who it is
  lock.pragma('busy_timeout = 1000');
  const holder = lock.prepare('select pid, since from holder').get() as { pid: number; since: string } | undefined;
  return holder && isAlive(holder.pid) ? `process ${holder.pid}, since ${holder.since}` : 'a dry run or verify';
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Holds the lock until the connection closes; before that, unless it only looks, writes down for others who holds it. */
function take(lock: SqliteFile.Database, isWriter: boolean): boolean {
  try {
    lock.exec('begin immediate');
    if (isWriter) {
      lock.exec('delete from holder');
      lock.prepare('insert into holder values (?, ?)').run(process.pid, new Date().toISOString());
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
