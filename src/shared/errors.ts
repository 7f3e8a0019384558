/** The errors that are meant for the user: a code for programs and a sentence that says what to do. */
import { types } from 'node:util';

/**
 * - `usage`: the command line or a setting is wrong (exit code 2)
 * - `package`: a package that is needed is not installed
 * - `source`: a file cannot be read, or not as what it claims to be
 * - `database`: a database cannot be opened, read or written
 * - `identity`: a database belongs to another role or region than the one it is opened as
 * - `locked`: another process has locked a database
 * - `migration`: a migration failed or is missing
 * - `directory`: a directory or a file in it cannot be written
 * - `transport`: events cannot be brought from a region to central
 * - `event`: central cannot take an event
 * - `purged`: events that are asked for are there no longer
 * - `document`: the document store does not take a document
 * - `rejects`: more records were rejected than allowed
 * - `program`: an unexpected error of the program itself
 * - `demo`: a check of the demo has failed
 */
export type ErrorCode =
  | 'usage'
  | 'package'
  | 'source'
  | 'database'
  | 'identity'
  | 'locked'
  | 'migration'
  | 'directory'
  | 'transport'
  | 'event'
  | 'purged'
  | 'document'
  | 'rejects'
  | 'program'
  | 'demo';

/** An error that is meant for the user: a code for programs, and a sentence that says what happened, where, and what to do. */
export class MeridianError extends Error {
  override readonly name = 'MeridianError';
  readonly code: ErrorCode;

  /** @param message a whole sentence: what happened, where, what to do */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What to do where a process may have no more files open. */
export const RAISE_FILE_LIMIT =
  'this process has as many files open as it may. Raise its limit, for example with ulimit -n 8192 (LimitNOFILE in a systemd service), or name fewer regions';

/** @param what the part of the program that met an unexpected error, such as the name of a database */
export function programError(what: string, error: unknown): MeridianError {
  return new MeridianError(
    'program',
    `${what}: the program has failed (${messageOf(error)}). Run the same command with --verbose to see where, and report it.`,
    { cause: error },
  );
}

/** The text of anything that was thrown, without its stack. */
export function messageOf(error: unknown): string {
  if (!types.isNativeError(error)) {
    return String(error);
  }
  return isFileLimit(error) ? `${error.message}: ${RAISE_FILE_LIMIT}` : error.message;
}

/** Whether the process, or the whole system, has no file descriptor left. */
export function isFileLimit(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'EMFILE' || code === 'ENFILE';
}
