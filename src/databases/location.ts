/** Where a database is: read from its environment variable, else a file under `databases/`. */
import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import process from 'node:process';
import { MeridianError } from '../errors.ts';

/** Instead of a file: a database that is gone when it is closed. */
export const MEMORY = ':memory:';

export interface DatabaseLocation {
  readonly engine: 'sqlite';
  /** Absolute path of the file, or `:memory:`. */
  readonly file: string;
}

/** Reads `.env` in the working directory, if there is one; variables that are already set win. */
function readEnvironmentFile(): void {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
}

/** `users` -> `USERS_DATABASE_URL`. */
export function urlVariable(database: string): string {
  return `${database.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`;
}

/**
 * Finds a database; relative paths are taken from the working directory.
 *
 * @throws MeridianError `usage` when the variable holds a URL that no engine here understands
 */
export function locate(database: string, environment: NodeJS.ProcessEnv = process.env): DatabaseLocation {
  if (environment === process.env) {
    readEnvironmentFile();
  }
  const variable = urlVariable(database);
  const url = environment[variable]?.trim() || `sqlite:databases/${database}.db`;
  const path = /^sqlite:(?:\/\/)?(?<path>.+)$/.exec(url)?.groups?.['path'];
  if (path === undefined) {
    throw new MeridianError(
      'usage',
      // the URL itself stays untold: it may hold a password
      `${variable} holds a URL that Meridian cannot open. Use sqlite:<path>, for example sqlite:databases/users.db.`,
    );
  }
  return { engine: 'sqlite', file: path === MEMORY ? path : resolve(path) };
}

/** A path as a person wants to read it: from the working directory when it lies below, else absolute. */
export function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' || fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}
