/**
 * Keeps the statements of a connection prepared. The SQLite dialect of Kysely 0.29.6 prepares a statement for each execution, which takes
 * longer than executing most of them, and better-sqlite3 13.0.3 has no statement cache
 * (https://github.com/WiseLibs/better-sqlite3/issues/793). SQLite itself prepares a cached statement again after a schema change.
 */
import type SqliteFile from 'better-sqlite3';

const KEPT_STATEMENTS = 100;

/** Longer statements contain values and are not repeated. */
const MAX_CHARACTERS = 4000;

/** Changes the connection. */
export function keepStatements(connection: SqliteFile.Database): void {
  const prepare = connection.prepare.bind(connection) as (sql: string) => SqliteFile.Statement;
  const kept = new Map<string, SqliteFile.Statement>();
  const prepareOnce = (sql: string): SqliteFile.Statement => {
    if (sql.length > MAX_CHARACTERS) {
      return prepare(sql);
    }
    const known = kept.get(sql);
    if (known !== undefined) {
      // a statement whose rows are being read cannot be executed again
      return known.busy ? prepare(sql) : known;
    }
    const statement = prepare(sql);
    kept.set(sql, statement);
    if (kept.size > KEPT_STATEMENTS) {
      const [oldest = ''] = kept.keys();
      kept.delete(oldest);
    }
    return statement;
  };
  connection.prepare = prepareOnce as typeof connection.prepare;
}
