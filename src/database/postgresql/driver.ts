/** MikroORM's PostgreSQL driver, with 64-bit integers, and connections that are released however a transaction ends. */
import type { Configuration } from '@mikro-orm/core';
import { PostgreSqlConnection, PostgreSqlPlatform } from '@mikro-orm/postgresql';
import { AbstractSqlDriver } from '@mikro-orm/sql';
import type { PostgresDialect } from 'kysely';
import { begun, releasing } from '../patches/kysely-transactions.ts';

/** SQLite's integers have 64 bits. PostgreSQL needs a declaration for that, since ids go up to 2^53 - 1. */
class WideIntegerPlatform extends PostgreSqlPlatform {
  override getIntegerTypeDeclarationSQL(column: Parameters<PostgreSqlPlatform['getBigIntTypeDeclarationSQL']>[0]) {
    return this.getBigIntTypeDeclarationSQL(column);
  }
}

class ReleasingPostgresqlConnection extends PostgreSqlConnection {
  override createKyselyDialect(overrides: Parameters<PostgreSqlConnection['createKyselyDialect']>[0]): PostgresDialect {
    return releasing(super.createKyselyDialect(overrides));
  }

  override async begin(
    options?: Parameters<PostgreSqlConnection['begin']>[0],
  ): ReturnType<PostgreSqlConnection['begin']> {
    return begun(await super.begin(options));
  }
}

/** For the columns that MikroORM creates by itself. */
export class ReleasingPostgresqlDriver extends AbstractSqlDriver<PostgreSqlConnection, PostgreSqlPlatform> {
  constructor(config: Configuration, platform = new PostgreSqlPlatform()) {
    super(config, platform, ReleasingPostgresqlConnection, ['kysely', 'pg']);
  }
}

export class WideIntegerPostgresqlDriver extends ReleasingPostgresqlDriver {
  constructor(config: Configuration) {
    super(config, new WideIntegerPlatform());
  }
}
