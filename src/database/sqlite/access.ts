/** Checks the permissions of a database file before SQLite opens it. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { MeridianError } from '../../shared/errors.ts';
import { displayPath } from '../location.ts';

/** Files that all processes share that use a database with a write-ahead log. */
const SHARED_FILES = ['-wal', '-shm'] as const;

/** https://www.sqlite.org/fileformat.html#file_format_version_numbers */
const READ_VERSION_OFFSET = 19;
const WRITE_AHEAD_LOG = 2;

/**
 * Call this before opening a file. Opening a file in WAL mode creates files beside it that belong to this user. If the user cannot write
 * the database, SQLite never removes them, and they keep its owner from writing.
 *
 * @param options.name the path as the user specified it
 * @throws MeridianError `database` for a directory, and for a file that this user cannot safely open
 */
export function checkAccess(
  file: string,
  { isReadOnly, name = file }: { readonly isReadOnly: boolean; readonly name?: string },
): void {
  if (!existsSync(file)) {
    return;
  }
  if (statSync(file).isDirectory()) {
    throw new MeridianError('database', `${displayPath(name)} is a directory, not a database file.`);
  }
  if (isWritable(file)) {
    return;
  }
  if (!isReadOnly) {
    throw new MeridianError('database', readOnlySentence(file));
  }
  if (hasWriteAheadLog(file) && SHARED_FILES.some((extension) => !existsSync(`${file}${extension}`))) {
    throw new MeridianError(
      'database',
      `${displayPath(name)} is read-only for this user, and to read it would leave files beside it that lock its owner out. ` +
        'Run the command as its owner, or copy the file and name the copy in the URL variable of the database.',
    );
  }
}

/** Names the file that cannot be written, which may be one beside the database. */
export function readOnlySentence(file: string): string {
  const beside = [...SHARED_FILES, '-journal'].map((extension) => `${file}${extension}`).filter(existsSync);
  const culprit = [file, ...beside, dirname(file)].find((path) => existsSync(path) && !isWritable(path));
  if (culprit === undefined || culprit === file) {
    return `${displayPath(file)} is read-only. Give this user write permission on the file and its directory.`;
  }
  return `${displayPath(file)} cannot be written, because ${displayPath(culprit)} is read-only. Give this user write permission on it.`;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    // no permission, or a read-only file system
    return false;
  }
}

function hasWriteAheadLog(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const byte = Buffer.alloc(1);
    return readSync(descriptor, byte, 0, 1, READ_VERSION_OFFSET) === 1 && byte[0] === WRITE_AHEAD_LOG;
  } finally {
    closeSync(descriptor);
  }
}
