/** The location of a database: from its environment variable, else a file under `databases/`. */
import { isAbsolute, relative } from 'node:path';
import process from 'node:process';
import { readEnvironmentFile } from '../shared/environment-file.ts';
import { MeridianError } from '../shared/errors.ts';
import { type PostgresqlLocation, parsePostgresqlUrl } from './postgresql/url.ts';
import { parseSqliteUrl } from './sqlite/url.ts';

/** The default folder of database files, relative to the working directory. */
export const DEFAULT_DIRECTORY = 'databases';

export interface SqliteLocation {
  readonly engine: 'sqlite';
  /** Absolute path of the file, or `:memory:`. */
  readonly file: string;
  /** The path as the user specified it, if links were followed to `file`. */
  readonly named?: string;
}

export type DatabaseLocation = SqliteLocation | PostgresqlLocation;

/** `invoices` -> `INVOICES_DATABASE_URL`, `invoices.north` -> `INVOICES_DATABASE_URL_NORTH`. */
export function urlVariable(database: string): string {
  const [set = '', one] = database.toUpperCase().replaceAll('-', '_').split('.');
  return `${set}_DATABASE_URL${one === undefined ? '' : `_${one}`}`;
}

/**
 * Finds a database; relative paths are resolved from the working directory.
 *
 * @param otherUrls appended to the URL forms that the error suggests
 * @throws MeridianError `usage` if the variable holds a URL that no engine here supports. The error does not contain the URL, which may
 *   hold a password.
 */
export function locate(
  database: string,
  environment: NodeJS.ProcessEnv = process.env,
  otherUrls = '',
): DatabaseLocation {
  const variable = urlVariable(database);
  const url = configuredUrl(database, environment) || `sqlite:${DEFAULT_DIRECTORY}/${database}.db`;
  if (/^postgres(ql)?:/i.test(url)) {
    return parsePostgresqlUrl(variable, url, environment);
  }
  const file = parseSqliteUrl(variable, url);
  if (file === undefined) {
    throw new MeridianError(
      'usage',
      `${variable} holds a URL that Meridian cannot open. Use sqlite:<path>, for example sqlite:${DEFAULT_DIRECTORY}/${database}.db, ` +
        `or postgresql://<user>:<password>@<host>:<port>/<database>${otherUrls}.`,
    );
  }
  return { engine: 'sqlite', file };
}

/** What a declaration says about its database's location. */
interface Located {
  readonly name: string;
  readonly otherUrls?: string;
  readonly location?: DatabaseLocation;
}

/**
 * The location of a declared database: from its URL variable, else from the project's options, else the default.
 *
 * @throws MeridianError `usage`, as {@link locate} does
 */
export function locationOf(
  { name, otherUrls, location }: Located,
  environment: NodeJS.ProcessEnv = process.env,
): DatabaseLocation {
  return location === undefined || configuredUrl(name, environment) !== ''
    ? locate(name, environment, otherUrls)
    : location;
}

/** The URL of a database in the environment, for whichever program; empty if none is set. */
export function configuredUrl(database: string, environment: NodeJS.ProcessEnv = process.env): string {
  if (environment === process.env) {
    readEnvironmentFile();
  }
  return environment[urlVariable(database)]?.trim() ?? '';
}

/** A path in readable form: relative if it is below the working directory, else absolute. */
export function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' || fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}
