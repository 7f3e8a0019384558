/**
 * Keeps the statements of a connection prepared, for Kysely prepares each anew, which takes longer than most take to run. SQLite
 * itself prepares one again when the schema has changed.
 */
import type SqliteFile from 'better-sqlite3';

const KEPT_STATEMENTS = 100;

/** A longer one has values written into it, and is not met again. */
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
      // one whose rows are being read cannot run again before they are
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
