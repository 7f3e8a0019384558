/** Runs a read-only query over several databases. */
import type { Database } from '../database/database.ts';
import { withoutHandlers } from '../shared/async/signals.ts';
import { MeridianError } from '../shared/errors.ts';
import type { QueryRows } from './rows.ts';
import { readStatement } from './statement.ts';

export interface QueryOptions {
  readonly sql: string;
  /** Name -> value, for `:name` in the query. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Aborts a query on a server; an SQLite query ends with the process. */
  readonly signal: AbortSignal;
}

/**
 * @param databases existing databases; all on SQLite, or all in one database of a PostgreSQL server
 * @param read gets the rows while the query runs
 * @throws MeridianError `usage` for a statement that is invalid or not read-only, and for databases that cannot be queried together
 */
export async function query<T>(
  databases: readonly Database[],
  { sql, parameters = new Map(), signal }: QueryOptions,
  read: (rows: QueryRows) => Promise<T>,
): Promise<T> {
  const statement = readStatement(sql);
  const [first, ...others] = databases;
  if (first === undefined) {
    throw new MeridianError(
      'usage',
      'There is no database to query yet. Make them with npx meridian migrate or npx meridian populate.',
    );
  }
  const other = others.find(({ location }) => location.engine !== first.location.engine);
  if (other !== undefined) {
    throw new MeridianError(
      'usage',
      `${first.name} is on ${nameOf(first)} and ${other.name} on ${nameOf(other)}, and a query runs on one engine. ` +
        `Move one of them with npx meridian copy ${other.name} --to <url>, or name databases of one engine with --database.`,
    );
  }
  // the engine's module loads its driver, so it is imported on demand
  if (first.location.engine === 'sqlite') {
    const { querySqlite } = await import('./sqlite.ts');
    // it may block this thread for long, so that no handler would run
    return withoutHandlers(() => querySqlite(databases, statement, parameters, read));
  }
  const { queryPostgresql } = await import('./postgresql.ts');
  return queryPostgresql(databases, statement, parameters, signal, read);
}

function nameOf({ location: { engine } }: Database): string {
  return engine === 'sqlite' ? 'SQLite' : 'PostgreSQL';
}
