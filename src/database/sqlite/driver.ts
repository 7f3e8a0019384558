/** MikroORM's SQLite driver, with connections that are released however a transaction ends, and that keep statements prepared. */
import type { Configuration } from '@mikro-orm/core';
import { AbstractSqlDriver, SqlitePlatform } from '@mikro-orm/sql';
import { SqliteConnection } from '@mikro-orm/sqlite';
import type SqliteFile from 'better-sqlite3';
import type { CompiledQuery, Dialect, QueryResult } from 'kysely';
import { environment } from '../../shared/environment.ts';
import { keepStatements } from '../patches/better-sqlite3-statements.ts';
import { shortWait, waiting } from '../patches/better-sqlite3-waiting.ts';
import { begun, releasing } from '../patches/kysely-transactions.ts';
import type { DirectConnection } from '../run-statement.ts';
import { throughDisk } from './disk.ts';
import { isSqliteLocked } from './errors.ts';

class ReleasingSqliteConnection extends SqliteConnection implements DirectConnection {
  #isThroughDisk = false;
  #keepsThreadFree = false;
  readonly #rowStatements = new WeakMap<CompiledQuery, SqliteFile.Statement>();

  override createKyselyDialect(options: Parameters<SqliteConnection['createKyselyDialect']>[0]): Dialect {
    const { timeout = 0, keepsThreadFree } = options as { timeout?: number; keepsThreadFree?: boolean };
    const { disk } = environment();
    this.#keepsThreadFree = keepsThreadFree === true;
    this.#isThroughDisk = disk !== undefined;
    if (disk !== undefined) {
      const dialect = super.createKyselyDialect({ ...options, timeout: 0 });
      const native = this['database'];
      disk.opened(native, timeout);
      return releasing(throughDisk(dialect, disk, native));
    }
    const dialect = keepsThreadFree
      ? waiting(super.createKyselyDialect({ ...options, timeout: shortWait(timeout) }), timeout)
      : super.createKyselyDialect(options);
    return releasing(dialect);
  }

  override async connect(options?: Parameters<SqliteConnection['connect']>[0]): Promise<void> {
    await super.connect(options);
    keepStatements(await this.getNativeClient());
  }

  runAtOnce<Row>(query: CompiledQuery<Row>, isInTransaction: boolean): QueryResult<Row> | undefined {
    try {
      return this.#run(query, isInTransaction);
    } catch (error) {
      return this.#waitOrThrow(error);
    }
  }

  runAllAtOnce<Row>(queries: readonly CompiledQuery<Row>[]): QueryResult<Row>[] | undefined {
    const results: QueryResult<Row>[] = [];
    try {
      for (const query of queries) {
        const result = this.#run(query, true);
        if (result === undefined) {
          return undefined;
        }
        results.push(result);
      }
    } catch (error) {
      if (results.length > 0) {
        // the statements that succeeded must not run twice
        throw error;
      }
      return this.#waitOrThrow(error);
    }
    return results;
  }

  #run<Row>({ sql, parameters }: CompiledQuery<Row>, isInTransaction: boolean): QueryResult<Row> | undefined {
    const native = this['database'];
    if (this.#isThroughDisk || native.inTransaction !== isInTransaction) {
      return undefined;
    }
    const statement = native.prepare(sql);
    if (statement.reader && (isInTransaction || statement.readonly)) {
      return { rows: statement.all(parameters) as Row[] };
    }
    // outside a transaction, a query may be reading rows, during which the driver does not write
    return isInTransaction ? { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) } : undefined;
  }

  readRowAtOnce<Row>(
    query: CompiledQuery<Row>,
    parameters: readonly unknown[],
  ): { readonly row: Row | undefined } | undefined {
    const native = this['database'];
    if (this.#isThroughDisk || native.inTransaction) {
      return undefined;
    }
    try {
      const known = this.#rowStatements.get(query);
      const statement: SqliteFile.Statement = known?.database === native ? known : native.prepare(query.sql);
      if (statement !== known) {
        this.#rowStatements.set(query, statement);
      }
      return { row: statement.get(parameters) as Row | undefined };
    } catch (error) {
      return this.#waitOrThrow(error);
    }
  }

  /** @returns `undefined` if Kysely's connection waits for the lock */
  #waitOrThrow(error: unknown): undefined {
    if (this.#keepsThreadFree && isSqliteLocked(error)) {
      return undefined;
    }
    throw error;
  }

  override async begin(options?: Parameters<SqliteConnection['begin']>[0]): ReturnType<SqliteConnection['begin']> {
    return begun(await super.begin(options));
  }
}

export class ReleasingSqliteDriver extends AbstractSqlDriver<SqliteConnection, SqlitePlatform> {
  constructor(config: Configuration) {
    super(config, new SqlitePlatform(), ReleasingSqliteConnection, ['kysely', 'better-sqlite3']);
  }
}
