/** Everything that is said to SQLite in its own words: how it is opened, how it locks, what its errors mean. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CompiledQuery, type DatabaseConnection } from 'kysely';
import { MeridianError, messageOf } from '../errors.ts';
import { displayPath, MEMORY } from './location.ts';

/** How long a statement waits for another process's lock before it gives up. */
export const BUSY_SECONDS = 5;

/** Makes the directory just before the driver opens the file, so that reading a config file creates nothing. */
export function sqliteDriverOptions(file: string): { timeout: number } {
  if (file !== MEMORY) {
    mkdirSync(dirname(file), { recursive: true });
  }
  return { timeout: BUSY_SECONDS * 1000 };
}

/**
 * Sets what a connection to a file does not have by itself: a write-ahead log, so that readers and one writer do
 * not wait for each other, and a sync at every commit, so that what was reported survives a power cut.
 */
export async function prepareSqliteConnection(connection: unknown): Promise<void> {
  // MikroORM types the connection as unknown; what it hands over is Kysely's
  const kysely = connection as DatabaseConnection;
  await kysely.executeQuery(CompiledQuery.raw('pragma journal_mode = wal'));
  await kysely.executeQuery(CompiledQuery.raw('pragma synchronous = full'));
}

/**
 * A statement that changes no row but takes the write lock. A transaction that reads first and writes later fails
 * at once when another process wrote in between; one that starts with this waits its turn.
 */
export function sqliteWriteLockStatement(quotedTable: string): string {
  return `delete from ${quotedTable} where 1 = 0`;
}

/** @throws MeridianError when `file` is a directory; any other state is for SQLite to judge */
export function checkSqliteFile(database: string, file: string): void {
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new MeridianError('database', `${database}: ${displayPath(file)} is a directory, not a database file.`);
  }
}

export function isSqliteLocked(error: unknown): boolean {
  return isError(error, 'SQLITE_BUSY', 'database is locked');
}

function isError(error: unknown, code: string, text: string): boolean {
  return codeOf(error).startsWith(code) || messageOf(error).includes(text);
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code ?? '');
}

/** Says what an error of SQLite means for the person who has to deal with it; `undefined` if it is none that is known. */
export function explainSqliteError(file: string, error: unknown): string | undefined {
  const where = displayPath(file);
  const message = messageOf(error);
  const code = codeOf(error);
  const is = (name: string, text: string) => isError(error, name, text);
  if (isSqliteLocked(error)) {
    return `${where} is locked by another process (waited ${BUSY_SECONDS} seconds). Let that process finish, or stop it, and run the same command again.`;
  }
  if (is('SQLITE_NOTADB', 'file is not a database')) {
    return `${where} is not an SQLite database. Move it away, or name another file in the database's URL variable.`;
  }
  if (is('SQLITE_READONLY', 'readonly database')) {
    return `${where} is read-only. Give this user write permission on the file and its directory.`;
  }
  if (is('SQLITE_CANTOPEN', 'unable to open database file') || code === 'EACCES' || code === 'EROFS') {
    return `${where} cannot be opened. Check that its directory exists and that this user may write there (${message}).`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return `${where} cannot be created: a part of its path is a file (${message}).`;
  }
  if (is('SQLITE_FULL', 'database or disk is full')) {
    return `${where} cannot grow: the disk is full. Free some space and run the same command again.`;
  }
  if (is('SQLITE_CORRUPT', 'disk image is malformed')) {
    return `${where} is damaged (${message}). Restore it from a backup.`;
  }
  if (is('SQLITE_IOERR', 'disk I/O error')) {
    return `${where} could not be read or written (${message}). Check the disk.`;
  }
  return undefined;
}
