/** MikroORM's SQLite driver on connections that are given back whatever becomes of a transaction, and keep statements prepared. */
import type { Configuration } from '@mikro-orm/core';
import { AbstractSqlDriver, SqlitePlatform } from '@mikro-orm/sql';
import { SqliteConnection } from '@mikro-orm/sqlite';
import type { Dialect } from 'kysely';
import { environment } from '../../shared/environment.ts';
import type { Row } from '../columns.ts';
import { keepStatements } from '../patches/better-sqlite3-statements.ts';
import { shortWait, waiting } from '../patches/better-sqlite3-waiting.ts';
import { begun, releasing } from '../patches/kysely-transactions.ts';
import { throughDisk } from './disk.ts';
import { isSqliteLocked } from './errors.ts';

export class ReleasingSqliteConnection extends SqliteConnection {
  override createKyselyDialect(options: Parameters<SqliteConnection['createKyselyDialect']>[0]): Dialect {
    const { timeout = 0, keepsThreadFree } = options as { timeout?: number; keepsThreadFree?: boolean };
    const { disk } = environment();
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

  /** See `readNow` of the engine. */
  readNow(sql: string, parameters: readonly unknown[]): readonly Row[] | undefined {
    const native = this['database'];
    // a disk of the environment takes no statement that does not wait
    if (native.inTransaction || environment().disk !== undefined) {
      return undefined;
    }
    try {
      return native.prepare(sql).all(parameters) as Row[];
    } catch (error) {
      if (isSqliteLocked(error)) {
        return undefined;
      }
      throw error;
    }
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
