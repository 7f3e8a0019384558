/** Errors for the user: a code for programs and a sentence that says what to do. */
import { types } from 'node:util';

/**
 * - `usage`: the command line or a setting is wrong (exit code 2)
 * - `package`: a required package is not installed
 * - `source`: a file cannot be read, or does not have the expected format
 * - `database`: a database cannot be opened, read or written
 * - `identity`: a database belongs to another role or region than the one that opens it
 * - `locked`: another process has locked a database
 * - `migration`: a migration failed or is missing
 * - `directory`: a directory or a file in it cannot be written
 * - `transport`: events cannot be transported from a region to central
 * - `event`: central cannot process an event
 * - `purged`: the requested events no longer exist
 * - `document`: the document store rejects a document
 * - `rejects`: more records were rejected than allowed
 * - `program`: an unexpected internal error
 * - `demo`: a check of the demo failed
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

/** An error for the user: a code for programs, and a sentence that says what happened, where, and what to do. */
export class MeridianError extends Error {
  override readonly name = 'MeridianError';
  readonly code: ErrorCode;

  /** @param message a whole sentence: what happened, where, what to do */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Advice for a process that has reached its limit of open files. */
export const RAISE_FILE_LIMIT =
  'this process has reached its limit of open files. Raise the limit, for example with ulimit -n 8192 (LimitNOFILE in a systemd service), or name fewer regions';

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
