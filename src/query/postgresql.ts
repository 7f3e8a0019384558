/** Queries several databases that are schemas of one PostgreSQL database: in a read-only transaction, with a cursor. */
import type { ClientConfig, CustomTypesConfig, QueryArrayConfig, QueryArrayResult } from 'pg';
import type { Database } from '../database/database.ts';
import { clientConfig } from '../database/postgresql/connection.ts';
import { isPostgresqlAnswer } from '../database/postgresql/errors.ts';
import { Client, types } from '../database/postgresql/pg.ts';
import { prepareSession } from '../database/postgresql/session.ts';
import type { PostgresqlLocation } from '../database/postgresql/url.ts';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { parseExactJson } from '../shared/json/parse-exact.ts';
import { BATCH_ROWS, distinctNames, type QueryRow, type QueryRows, wholeNumberOf } from './rows.ts';
import { type Statement, valuesOf } from './statement.ts';

const { builtins } = types;

/** Types whose values stay text as the server writes it, since no JavaScript type is as exact. */
const AS_TEXT: ReadonlySet<number> = new Set([builtins.DATE, builtins.TIMESTAMP, builtins.TIME, builtins.TIMETZ]);

/** The same for lists, by type number in `pg_type`: `timestamp[]`, `date[]`, `timestamptz[]`, `numeric[]`. */
const LISTS_AS_TEXT: ReadonlySet<number> = new Set([1115, 1182, 1185, 1231]);
const TEXT_LIST: number = 1009;

/** Lists of types with a parser of their own: number in `pg_type` -> that of the element type. */
const ELEMENTS: ReadonlyMap<number, number> = new Map([
  [199, builtins.JSON],
  [1001, builtins.BYTEA],
  [1016, builtins.INT8],
  [1021, builtins.FLOAT4],
  [1022, builtins.FLOAT8],
  [3807, builtins.JSONB],
]);

/** The server database that contains the queried databases. */
interface Place {
  readonly database: Database;
  readonly location: PostgresqlLocation;
}

/**
 * @param parameters name -> value
 * @param signal aborts the query, on the server too
 * @param read gets the rows while the query runs
 * @throws MeridianError `usage` for databases in different places, and for a statement that the server rejects
 */
export async function queryPostgresql<T>(
  databases: readonly Database[],
  statement: Statement,
  parameters: ReadonlyMap<string, string>,
  signal: AbortSignal,
  read: (rows: QueryRows) => Promise<T>,
): Promise<T> {
  const values = valuesOf(statement, parameters);
  const place = onePlace(databases);
  const config = { ...clientConfig(place.location, place.database.name), types: ownTypes };
  const client = new Client(config);
  // the current statement reports a lost connection
  client.on('error', () => undefined);
  const cancel = () => void cancelStatement(client, config);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await client.connect();
    await prepareSession(client, place.location, config);
    await begin(client, databases);
    return await read(await rowsOf(client, statement, values));
  } catch (error) {
    throw signal.aborted ? signal.reason : explained(place.database, error);
  } finally {
    signal.removeEventListener('abort', cancel);
    await client.end().catch(() => undefined);
  }
}

/** @throws MeridianError `usage` unless all are in the same database of one server */
function onePlace(databases: readonly Database[]): Place {
  const places = databases.flatMap((database): Place[] =>
    database.location.engine === 'postgresql' ? [{ database, location: database.location }] : [],
  );
  const [first, ...others] = places;
  if (first === undefined) {
    throw new Error('no database is on PostgreSQL');
  }
  const keyOf = ({ location: { host, port, database } }: Place) => JSON.stringify([host, port, database]);
  const other = others.find((one) => keyOf(one) !== keyOf(first));
  if (other !== undefined) {
    throw new MeridianError(
      'usage',
      `${first.database.name} is in ${first.database.place} and ${other.database.name} in ${other.database.place}: PostgreSQL joins tables of one server database only. ` +
        `Keep them in schemas of one, such as with npx meridian copy ${other.database.name} --to <url>, or name databases of one place with --database.`,
    );
  }
  return first;
}

/** Unqualified names are looked up in the databases' schemas, in order. */
async function begin(client: Client, databases: readonly Database[]): Promise<void> {
  const schemas = databases.flatMap(({ location }) => (location.engine === 'postgresql' ? [location.schema] : []));
  const path = [...new Set(schemas)].map((schema) => client.escapeIdentifier(schema)).join(', ');
  await client.query('begin isolation level repeatable read, read only');
  await client.query("select set_config('search_path', $1, true)", [path]);
}

async function rowsOf(client: Client, statement: Statement, values: readonly string[]): Promise<QueryRows> {
  const numbered = statement.with((name) => `$${statement.parameters.indexOf(name) + 1}`);
  if (statement.keyword === 'explain') {
    const result = await run(client, numbered, values);
    return { columns: columnsOf(result), batches: only(result.rows) };
  }
  await run(client, `declare meridian_query no scroll cursor for ${numbered}`, values);
  // fetched before anything is printed, so that an error is printed alone
  const first = await fetchNext(client);
  return { columns: columnsOf(first), batches: batchesOf(client, first) };
}

/** Uses the extended protocol, which allows only one statement. */
function run(client: Client, text: string, values: readonly string[] = []): Promise<QueryArrayResult<unknown[]>> {
  const config: QueryArrayConfig & { readonly queryMode: 'extended' } = {
    text,
    values: [...values],
    rowMode: 'array',
    queryMode: 'extended',
  };
  return client.query<unknown[]>(config);
}

function fetchNext(client: Client): Promise<QueryArrayResult<unknown[]>> {
  return run(client, `fetch ${BATCH_ROWS} from meridian_query`);
}

async function* batchesOf(client: Client, first: QueryArrayResult<unknown[]>): AsyncGenerator<readonly QueryRow[]> {
  for (let batch = first; batch.rows.length > 0; batch = await fetchNext(client)) {
    yield batch.rows.map((row) => row.map(plainValue));
  }
}

async function* only(rows: readonly unknown[][]): AsyncGenerator<readonly QueryRow[]> {
  yield rows;
}

function columnsOf({ fields }: QueryArrayResult<unknown[]>): string[] {
  return distinctNames(fields.map(({ name }) => name));
}

const ownTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === builtins.INT8) {
      return wholeNumberOf;
    }
    if (oid === builtins.TIMESTAMPTZ) {
      // the session's time zone is UTC
      return (text: string) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
    }
    if (oid === builtins.JSON || oid === builtins.JSONB) {
      return parseExactJson;
    }
    if (oid === builtins.FLOAT4 || oid === builtins.FLOAT8) {
      // JSON has no infinity
      return (text: string) => (Number.isFinite(Number(text)) ? Number(text) : text);
    }
    const element = ELEMENTS.get(oid);
    if (element !== undefined) {
      const parse = ownTypes.getTypeParser(element) as (text: string) => unknown;
      return (text: string) => eachElement(types.getTypeParser(TEXT_LIST)(text), parse);
    }
    return AS_TEXT.has(oid)
      ? (text: string) => text
      : types.getTypeParser(LISTS_AS_TEXT.has(oid) ? TEXT_LIST : oid, format as 'text');
  },
};

/** For a list that may contain lists. */
function eachElement(value: unknown, parse: (text: string) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => eachElement(one, parse));
  }
  return typeof value === 'string' ? plainValue(parse(value)) : value;
}

function plainValue(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
}

async function cancelStatement(client: Client, config: ClientConfig): Promise<void> {
  const other = new Client(config);
  try {
    await other.connect();
    await other.query('select pg_cancel_backend($1)', [
      (client as unknown as { readonly processID: number }).processID,
    ]);
  } catch {
    // if it fails, closing the connection ends the statement
  } finally {
    await other.end().catch(() => undefined);
  }
}

/** SQLSTATE classes of errors in the statement: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const STATEMENT_FAULTS = /^(?:42(?!501)|22|0A|2[0156])/;

function explained(database: Database, error: unknown): unknown {
  return isPostgresqlAnswer(error) && STATEMENT_FAULTS.test(String((error as { code?: unknown }).code))
    ? new MeridianError('usage', `PostgreSQL does not run the query: ${messageOf(error)}.`, { cause: error })
    : database.explain(error);
}
