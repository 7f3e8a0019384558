/**
 * Folders for temporary files, which go with the process. What a process that was killed has left behind is removed by the next one that
 * makes a folder: each has a lock file, SQLite's own, so that the lock ends with the process that holds it.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import SqliteFile from 'better-sqlite3';
import { MeridianError, messageOf } from '../errors.ts';

const LOCK = 'lock';
const NAME = /^meridian-[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ALL = { recursive: true, force: true } as const;

export interface TemporaryFolder {
  readonly path: string;
  /** Leaves it and what is in it to the user. It must not be empty. */
  keep(): void;
  remove(): Promise<void>;
}

/**
 * @param purpose a part of its name
 * @throws MeridianError `directory`
 */
export async function makeTemporaryFolder(purpose: string): Promise<TemporaryFolder> {
  await removeAbandoned();
  for (;;) {
    const path = join(tmpdir(), `meridian-${purpose}-${randomUUID()}`);
    const lock = explained(() => {
      mkdirSync(path, { mode: 0o700 });
      return takeLock(path);
    });
    // until it is locked, another process may take it for abandoned
    if (lock !== undefined) {
      return owned(path, lock);
    }
  }
}

function owned(path: string, lock: SqliteFile.Database): TemporaryFolder {
  // an interrupted command leaves at once, and nothing that is awaited happens any more
  const removeNow = () => {
    beforeRemoval(lock);
    rmSync(path, ALL);
  };
  process.once('exit', removeNow);
  return {
    path,
    keep() {
      process.off('exit', removeNow);
      lock.close();
      rmSync(join(path, LOCK));
    },
    async remove() {
      process.off('exit', removeNow);
      await removeLocked(path, lock);
    },
  };
}

/** @returns nothing when another process has the lock, or has removed the folder */
function takeLock(folder: string, { mustExist = false } = {}): SqliteFile.Database | undefined {
  const file = join(folder, LOCK);
  let lock: SqliteFile.Database | undefined;
  try {
    lock = new SqliteFile(file, { timeout: 0, fileMustExist: mustExist });
    lock.exec('begin immediate');
    if (existsSync(file)) {
      return lock;
    }
  } catch (error) {
    if (existsSync(file) && !isBusy(error)) {
      lock?.close();
      throw error;
    }
  }
  lock?.close();
  return undefined;
}

function isBusy(error: unknown): boolean {
  return error instanceof SqliteFile.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

async function removeAbandoned(): Promise<void> {
  const names = explained(() => readdirSync(tmpdir()));
  for (const name of names.filter((one) => NAME.test(one))) {
    const folder = join(tmpdir(), name);
    try {
      await removeIfAbandoned(folder);
    } catch (error) {
      throw new MeridianError(
        'directory',
        `The folder ${folder}, which a process that was killed has left behind, cannot be removed (${messageOf(error)}). Remove it.`,
        { cause: error },
      );
    }
  }
}

async function removeIfAbandoned(folder: string): Promise<void> {
  if (!isOurs(folder)) {
    return;
  }
  if (isEmpty(folder)) {
    removeEmpty(folder);
    return;
  }
  const lock = takeLock(folder, { mustExist: true });
  if (lock !== undefined) {
    await removeLocked(folder, lock);
  }
}

/** Keeps the lock until the folder is removed, so that two processes do not remove it at the same time. */
async function removeLocked(folder: string, lock: SqliteFile.Database): Promise<void> {
  try {
    beforeRemoval(lock);
    await rm(folder, ALL);
  } finally {
    lock.close();
  }
}

/** Windows removes no file that is open. */
function beforeRemoval(lock: SqliteFile.Database): void {
  if (process.platform === 'win32') {
    lock.close();
  }
}

/** Other users may put anything there. */
function isOurs(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid());
}

function isEmpty(folder: string): boolean {
  return unlessChanged(() => readdirSync(folder).length === 0) ?? false;
}

function removeEmpty(folder: string): void {
  unlessChanged(() => rmdirSync(folder));
}

/** Its process, or another one that removes what is abandoned, may be a little faster. */
function unlessChanged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw error;
  }
}

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new MeridianError(
      'directory',
      `No folder for temporary files can be made in ${tmpdir()} (${messageOf(error)}). Name another place with TMPDIR.`,
      { cause: error },
    );
  }
}
