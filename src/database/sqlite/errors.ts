/** Explains SQLite's errors to the user. */
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isFileLimit, messageOf, RAISE_FILE_LIMIT } from '../../shared/errors.ts';
import { BUSY_SECONDS, type Explanation } from '../engine.ts';
import { displayPath } from '../location.ts';
import { readOnlySentence } from './access.ts';

export function isSqliteLocked(error: unknown): boolean {
  return isError(error, 'SQLITE_BUSY', 'database is locked');
}

export function isSqliteReadOnly(error: unknown): boolean {
  return isError(error, 'SQLITE_READONLY', 'readonly database');
}

export function isSqliteFull(error: unknown): boolean {
  return isError(error, 'SQLITE_FULL', 'database or disk is full');
}

/** A sentence without the database's name. */
export function fullSentence(file: string): string {
  return `${displayPath(file)} cannot grow: the disk is full. Free some space and run the same command again.`;
}

export function isSqliteAnswer(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_');
}

/**
 * Rejections of a value (https://www.sqlite.org/rescode.html). Duplicate keys and missing values are not among them: since statements check
 * keys first, these only occur in tables that were changed by hand.
 */
const VALUE_REFUSALS: ReadonlySet<string> = new Set([
  'SQLITE_TOOBIG',
  'SQLITE_MISMATCH',
  'SQLITE_CONSTRAINT_CHECK',
  'SQLITE_CONSTRAINT_DATATYPE',
  'SQLITE_CONSTRAINT_TRIGGER',
]);

export function refusesSqliteValue(file: string, error: unknown): boolean {
  // the message of a trigger may report another problem
  return VALUE_REFUSALS.has(codeOf(error)) && sentenceOf(file, error, BUSY_SECONDS) === undefined;
}

function isError(error: unknown, code: string, text: string): boolean {
  return codeOf(error).startsWith(code) || messageOf(error).includes(text);
}

export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code ?? '');
}

/**
 * Whether a file could not be opened because this process has reached its limit of open files. SQLite reports the same error as for a
 * missing directory, so this opens another file to find out.
 */
export function lacksDescriptors(error: unknown, openAnother = openNothing): boolean {
  if (isFileLimit(error)) {
    return true;
  }
  if (!CANNOT_OPEN.some((code) => codeOf(error).startsWith(code)) && !messageOf(error).includes(CANNOT_OPEN_TEXT)) {
    return false;
  }
  try {
    openAnother();
    return false;
  } catch (reason) {
    return isFileLimit(reason);
  }
}

const CANNOT_OPEN = ['SQLITE_CANTOPEN', 'SQLITE_IOERR'];
const CANNOT_OPEN_TEXT = 'unable to open database file';

function openNothing(): void {
  closeSync(openSync(devNull, 'r'));
}

interface ErrorCircumstances {
  /** How long the connection has waited for locks. */
  readonly waitedSeconds?: number | undefined;
  /** Opens another file, which fails if no descriptor is left. */
  readonly openAnother?: () => void;
}

/** Explains an SQLite error to the user; `undefined` for an unknown error. */
export function explainSqliteError(
  file: string,
  error: unknown,
  { waitedSeconds = BUSY_SECONDS, openAnother }: ErrorCircumstances = {},
): Explanation | undefined {
  const sentence = lacksDescriptors(error, openAnother)
    ? `${displayPath(file)} cannot be opened: ${RAISE_FILE_LIMIT}.`
    : sentenceOf(file, error, waitedSeconds);
  return sentence === undefined ? undefined : { code: isSqliteLocked(error) ? 'locked' : 'database', sentence };
}

function sentenceOf(file: string, error: unknown, waitedSeconds: number): string | undefined {
  const where = displayPath(file);
  const message = messageOf(error);
  const code = codeOf(error);
  const is = (name: string, text: string) => isError(error, name, text);
  if (code === 'SQLITE_BUSY_SNAPSHOT') {
    return `${where} was changed by another process meanwhile. Run the same command again.`;
  }
  if (isSqliteLocked(error)) {
    return `${where} is locked by another process (waited ${waitedSeconds} seconds). Let that process finish, or stop it, and run the same command again.`;
  }
  if (is('SQLITE_NOTADB', 'file is not a database')) {
    return `${where} is not an SQLite database. Move it away, or name another file in the database's URL variable.`;
  }
  if (isSqliteReadOnly(error)) {
    return readOnlySentence(file);
  }
  if (is('SQLITE_CANTOPEN', 'unable to open database file') || code === 'EACCES' || code === 'EROFS') {
    return `${where} cannot be opened. Check that its directory exists and that this user may write there (${message}).`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return `${where} cannot be created: a part of its path is a file (${message}).`;
  }
  if (isSqliteFull(error)) {
    return fullSentence(file);
  }
  if (is('SQLITE_CORRUPT', 'disk image is malformed')) {
    return `${where} is damaged (${message}). Restore it from a backup.`;
  }
  if (is('SQLITE_IOERR', 'disk I/O error')) {
    return `${where} could not be read or written (${message}). Check the disk.`;
  }
  return undefined;
}
