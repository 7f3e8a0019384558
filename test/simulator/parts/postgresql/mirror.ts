/** SQLite files with the rows that are committed at the server: the oracles read them, in the SQL that they use everywhere. */
import SqliteFile from 'better-sqlite3';
import type { DatabaseFiles } from '../files.ts';

/** Table -> rows. */
export type MirroredRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export class Mirror {
  readonly #files: DatabaseFiles;
  readonly #open = new Map<string, SqliteFile.Database>();

  constructor(files: DatabaseFiles) {
    this.#files = files;
  }

  /** Puts rows in the place of those that the tables had. */
  replace(name: string, rows: MirroredRows): void {
    const raw = this.#opened(name);
    raw.transaction(() => {
      for (const [table, records] of Object.entries(rows)) {
        raw.exec(`delete from "${table}"`);
        const [first] = records;
        if (first !== undefined) {
          const columns = Object.keys(first);
          const insert = raw.prepare(
            `insert into "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`,
          );
          for (const record of records) {
            insert.run(columns.map((column) => stored(record[column])));
          }
        }
      }
    })();
  }

  close(): void {
    for (const raw of this.#open.values()) {
      raw.close();
    }
    this.#open.clear();
  }

  #opened(name: string): SqliteFile.Database {
    let raw = this.#open.get(name);
    if (raw === undefined) {
      raw = new SqliteFile(this.#files.file(name));
      raw.pragma('foreign_keys = off');
      raw.pragma('synchronous = off');
      this.#open.set(name, raw);
    }
    return raw;
  }
}

/** As SQLite stores it. */
function stored(value: unknown): unknown {
  if (typeof value === 'boolean') {
    return value ? 1 : 0;
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
