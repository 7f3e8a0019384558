/**
 * One populate or migration at a time may work on a database. The lock is SQLite's own lock on a file beside the
 * database, so that the operating system lets go of it when its holder dies, however it dies.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteFile from 'better-sqlite3';
import { MeridianError, messageOf } from '../errors.ts';
import type { Database } from './database.ts';
import { displayPath } from './location.ts';
import { BUSY_SECONDS } from './sqlite.ts';

const RETRY_MILLISECONDS = 50;

export interface DatabaseLock {
  release(): void;
}

/**
 * Waits up to {@link BUSY_SECONDS} seconds for another holder to finish.
 *
 * @throws MeridianError `locked`, saying which process holds the lock and since when
 */
export async function lockDatabase(database: Database, waitSeconds = BUSY_SECONDS): Promise<DatabaseLock> {
  const file = database.sidecar('lock');
  // who only looks creates nothing: where there is no file, nobody has ever held the lock
  if (file === undefined || (database.isLookedAt && !existsSync(file))) {
    return { release: () => undefined };
  }
  const lock = openLock(database, file);
  const deadline = Date.now() + waitSeconds * 1000;
  while (!takeOrClose(database, lock)) {
    if (Date.now() >= deadline) {
      const who = holderOf(lock);
      lock.close();
      throw new MeridianError(
        'locked',
        `${database.name}: another populate or migration is at work on this database (${who}; waited ${waitSeconds} seconds). ` +
          'Let it finish, or stop it, and run the same command again.',
      );
    }
    await pause(RETRY_MILLISECONDS);
  }
  return { release: () => lock.close() };
}

/** Whether a populate or a migration is at work on the database just now. */
export async function isLocked(database: Database): Promise<boolean> {
  try {
    (await lockDatabase(database, 0)).release();
    return false;
  } catch (error) {
    if (error instanceof MeridianError && error.code === 'locked') {
      return true;
    }
    throw error;
  }
}

function openLock(database: Database, file: string): SqliteFile.Database {
  let lock: SqliteFile.Database | undefined;
  try {
    lock = new SqliteFile(file, { timeout: BUSY_SECONDS * 1000 });
    lock.exec('create table if not exists holder (pid integer not null, since text not null)');
    // from here on the waiting is ours to do, so that other work goes on meanwhile
    lock.pragma('busy_timeout = 0');
    return lock;
  } catch (error) {
    lock?.close();
    throw new MeridianError(
      'locked',
      `${database.name}: the lock file ${displayPath(file)} cannot be used (${messageOf(error)}). If no populate is running, remove it.`,
      { cause: error },
    );
  }
}

function takeOrClose(database: Database, lock: SqliteFile.Database): boolean {
  try {
    return take(lock, !database.isLookedAt);
  } catch (error) {
    lock.close();
    throw database.explain(error);
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
