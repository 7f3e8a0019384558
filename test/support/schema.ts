/** The schema of a database file, read behind MikroORM's back. */
import SqliteFile from 'better-sqlite3';

/** Names of all tables of a database, in order: its entity's own, and those that keep how far a populate is. */
export function tablesOf(database: string): string[] {
  return [database, `${database}_run_batches`, `${database}_run_rejects`, `${database}_runs`];
}

/** The SQL of every table and index, without what MikroORM and SQLite keep for themselves. */
export function schemaOf(path: string): string[] {
  const file = new SqliteFile(path, { readonly: true });
  try {
    const rows = file
      .prepare("select sql from sqlite_master where tbl_name not like 'mikro_orm_%' and name not like 'sqlite_%'")
      .pluck()
      .all() as string[];
    return rows.sort();
  } finally {
    file.close();
  }
}
