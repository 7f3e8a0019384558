/** Queries several SQLite files: each is attached to one connection under the name of its database. */
import type BetterSqlite3 from 'better-sqlite3';
import type { Database } from '../database/database.ts';
import { BUSY_SECONDS } from '../database/engine.ts';
import { checkAccess } from '../database/sqlite/access.ts';
import { SqliteFile } from '../database/sqlite/better-sqlite3.ts';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { BATCH_ROWS, distinctNames, type QueryRow, type QueryRows, wholeNumberOf } from './rows.ts';
import { type Statement, valuesOf } from './statement.ts';

/** Schema names that every SQLite connection has: that of the file that it is opened with, and that of temporary tables. */
const OWN_SCHEMA = 'main';
const TEMPORARY_SCHEMA = 'temp';

/** The limit of attached files if the build of SQLite does not report it. */
const DEFAULT_MAX_ATTACHED = 10;

/**
 * @param parameters name -> value
 * @param read gets the rows while the query runs
 * @throws MeridianError `usage` for a statement that SQLite rejects, or that is not read-only
 */
export async function querySqlite<T>(
  databases: readonly Database[],
  statement: Statement,
  parameters: ReadonlyMap<string, string>,
  read: (rows: QueryRows) => Promise<T>,
): Promise<T> {
  const values = valuesOf(statement, parameters).map(boundValue);
  const bound = Object.fromEntries(statement.parameters.map((name, index) => [name, values[index]]));
  const connection = attach(databases);
  try {
    const prepared = prepare(connection, statement);
    const names = distinctNames(prepared.columns().map(({ name }) => name));
    return await read({ columns: names, batches: batchesOf(databases, prepared, bound) });
  } finally {
    connection.close();
  }
}

/** @throws MeridianError `usage` if there are more than SQLite can attach */
function attach(databases: readonly Database[]): BetterSqlite3.Database {
  const files = databases.flatMap(({ name, location }) =>
    location.engine === 'sqlite' ? [{ name, file: location.file, shown: location.named ?? location.file }] : [],
  );
  if (files.some(({ name }) => name === TEMPORARY_SCHEMA)) {
    throw new MeridianError(
      'usage',
      `SQLite has a schema "${TEMPORARY_SCHEMA}" of its own, so the database of this name cannot be part of a query. Name the others with --database, or give it another name in the config.`,
    );
  }
  for (const { file, shown } of files) {
    checkAccess(file, { isReadOnly: true, name: shown });
  }
  const first = files.find(({ name }) => name === OWN_SCHEMA) ?? files[0];
  // attached files are opened like the first one: a file that was removed meanwhile is not created
  const connection = new SqliteFile(first?.file, { fileMustExist: true, timeout: BUSY_SECONDS * 1000 });
  try {
    const max = maxAttached(connection);
    if (files.length > max) {
      throw new MeridianError(
        'usage',
        `There are ${files.length} databases, and SQLite reads at most ${max} in one query. Name those that it is about, such as --database ${files[0]?.name} --database ${files[1]?.name}.`,
      );
    }
    for (const { name, file } of files.filter((one) => one.name !== OWN_SCHEMA)) {
      connection.prepare('attach ? as ?').run(file, name);
    }
    // applies to all files; a statement that changes it is not accepted as read-only
    connection.pragma('query_only = on');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function maxAttached(connection: BetterSqlite3.Database): number {
  const options = connection.pragma('compile_options') as { readonly compile_options: string }[];
  const option = options.find(({ compile_options: text }) => text.startsWith('MAX_ATTACHED='));
  return option === undefined ? DEFAULT_MAX_ATTACHED : Number(option.compile_options.split('=')[1]);
}

function prepare(
  connection: BetterSqlite3.Database,
  statement: Statement,
): BetterSqlite3.Statement<unknown[], unknown[]> {
  let prepared: BetterSqlite3.Statement<unknown[], unknown[]>;
  try {
    prepared = connection.prepare<unknown[], unknown[]>(statement.text);
  } catch (error) {
    throw queryError(error);
  }
  if (!prepared.reader || !prepared.readonly) {
    throw new MeridianError('usage', 'The query would change a database. It may only read.');
  }
  return prepared.raw(true).safeIntegers(true);
}

/** The driver is synchronous: between two batches, other work of this thread can run. */
async function* batchesOf(
  databases: readonly Database[],
  prepared: BetterSqlite3.Statement<unknown[], unknown[]>,
  bound: Readonly<Record<string, unknown>>,
): AsyncGenerator<readonly QueryRow[]> {
  const parameters = Object.keys(bound).length === 0 ? [] : [bound];
  let batch: QueryRow[] = [];
  try {
    for (const row of prepared.iterate(...parameters)) {
      batch.push(row.map(plainValue));
      if (batch.length === BATCH_ROWS) {
        yield batch;
        batch = [];
      }
    }
  } catch (error) {
    const explanation = databases[0]?.engine.explain(error);
    throw explanation === undefined ? queryError(error) : new MeridianError(explanation.code, explanation.sentence);
  }
  yield batch;
}

function queryError(error: unknown): unknown {
  return error instanceof SqliteFile.SqliteError || error instanceof RangeError
    ? new MeridianError('usage', `SQLite does not run the query: ${messageOf(error)}.`, { cause: error })
    : error;
}

/** A number is bound as a number, since text equals a number only if it is compared with a numeric column; `007` and `1.0` are text. */
function boundValue(text: string): string | number | bigint {
  if (/^-?(?:0|[1-9]\d{0,17})$/.test(text)) {
    return BigInt(text);
  }
  return String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return wholeNumberOf(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    // JSON has no infinity
    return String(value);
  }
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
}
