/** Reads databases beside the processes of a simulation: what is committed, and nothing else. */

import { createHash } from 'node:crypto';
import SqliteFile from 'better-sqlite3';
import { type DatabaseFiles, tablesOf } from './files.ts';

export type Row = Readonly<Record<string, unknown>>;

export class Views {
  readonly #files: DatabaseFiles;
  readonly #open = new Map<
    string,
    { readonly raw: SqliteFile.Database; readonly kept: Map<string, SqliteFile.Statement> }
  >();

  constructor(files: DatabaseFiles) {
    this.#files = files;
  }

  rows<T = Row>(database: string, sql: string, ...parameters: readonly unknown[]): T[] {
    return this.#statement(database, sql).all(...parameters) as T[];
  }

  /** The only row of a query that has one. */
  row<T = Row>(database: string, sql: string, ...parameters: readonly unknown[]): T | undefined {
    return this.#statement(database, sql).get(...parameters) as T | undefined;
  }

  /** To be called before a file is replaced. */
  close(...databases: readonly string[]): void {
    for (const database of databases.length === 0 ? [...this.#open.keys()] : databases) {
      this.#open.get(database)?.raw.close();
      this.#open.delete(database);
    }
  }

  /** Of all rows of all databases. */
  digest(): string {
    const hash = createHash('sha256');
    for (const name of this.#files.names) {
      const { raw } = this.#opened(name);
      for (const table of tablesOf(raw)) {
        hash.update(`${name} ${table}\n`);
        const rows = raw.prepare(`select * from "${table}"`).raw().all();
        hash.update(
          rows
            .map((row) => JSON.stringify(row))
            .toSorted()
            .join('\n'),
        );
      }
    }
    return hash.digest('hex').slice(0, 24);
  }

  #statement(database: string, sql: string): SqliteFile.Statement {
    const { raw, kept } = this.#opened(database);
    let statement = kept.get(sql);
    if (statement === undefined) {
      statement = raw.prepare(sql);
      kept.set(sql, statement);
    }
    return statement;
  }

  #opened(database: string) {
    let opened = this.#open.get(database);
    if (opened === undefined) {
      opened = { raw: new SqliteFile(this.#files.file(database), { readonly: true }), kept: new Map() };
      this.#open.set(database, opened);
    }
    return opened;
  }
}
