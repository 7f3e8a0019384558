/**
 * One populate or migration at a time may work on a database. The lock is SQLite's own lock on a file beside the
 * database, so that the operating system lets go of it when its holder dies, however it dies.
 */
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteFile from 'better-sqlite3';
import { MeridianError } from '../errors.ts';
import type { Database } from './database.ts';
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
  if (database.isInMemory) {
    return { release: () => undefined };
  }
  const lock = openLock(database, `${database.location.file}.lock`);
  const deadline = Date.now() + waitSeconds * 1000;
  while (!take(lock)) {
    if (Date.now() >= deadline) {
      const holder = lock.prepare('select pid, since from holder').get() as { pid: number; since: string } | undefined;
      lock.close();
      const who = holder ? `process ${holder.pid}, since ${holder.since}` : 'a process that is just starting';
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

function openLock(database: Database, file: string): SqliteFile.Database {
  try {
    const lock = new SqliteFile(file, { timeout: BUSY_SECONDS * 1000 });
    lock.exec('create table if not exists holder (pid integer not null, since text not null)');
    // from here on the waiting is ours to do, so that other work goes on meanwhile
    lock.pragma('busy_timeout = 0');
    return lock;
  } catch (error) {
    throw database.explain(error);
  }
}

/** Writes down who holds the lock, for others to read, then holds it until the connection closes. */
function take(lock: SqliteFile.Database): boolean {
  try {
    lock.exec('begin immediate');
    lock.exec('delete from holder');
    lock.prepare('insert into holder values (?, ?)').run(process.pid, new Date().toISOString());
    lock.exec('commit');
    lock.exec('begin immediate');
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
