/** PostgreSQL as an engine: a database is a set of tables in a schema, which it may share with others. */
import { raw } from '@mikro-orm/core';
import { defineConfig } from '@mikro-orm/sql';
import type { Engine } from '../engine.ts';
import { poolConfig, readWholeNumbers } from './connection.ts';
import { WideIntegerPostgresqlDriver } from './driver.ts';
import { explainPostgresqlError } from './errors.ts';
import { lockPostgresql } from './lock.ts';
import { adaptMetadata, keepToOwnTables, quote } from './metadata.ts';
import { displayPostgresql, type PostgresqlLocation } from './url.ts';

/** As the unique index has it: the column's collation lets `lower` know A–Z only. */
const foldedColumn = (quotedColumn: string) => `lower(${quotedColumn})`;
const foldAscii = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

export function postgresqlEngine(location: PostgresqlLocation, database: string): Engine {
  const { schema } = location;
  const place = displayPostgresql(location);
  const migrationTable = `mikro_orm_migrations_${database.replaceAll('-', '_')}`;
  const engine: Engine = {
    place,
    absence: `${place} holds no tables of ${database}`,
    isInMemory: false,
    schema,
    migrationTable: `${schema}.${migrationTable}`,
    exclusivePlace: undefined,
    // only the server knows
    isMissing: () => false,
    standIn: () => engine,
    options: () =>
      defineConfig({
        driver: WideIntegerPostgresqlDriver,
        dbName: location.database,
        host: location.host,
        port: location.port,
        user: location.user,
        driverOptions: () => ({ ...poolConfig(location, database), onPoolCreated: readWholeNumbers }),
        discovery: { onMetadata: adaptMetadata, afterDiscovered: keepToOwnTables },
      }),
    checkPlace: () => undefined,
    async probe(connection, tables) {
      const names = [migrationTable, ...tables].map(literal).join(', ');
      const rows = await connection.execute(
        `select 1 from information_schema.tables where table_schema = ${literal(schema)} and table_name in (${names})`,
      );
      return rows.length > 0;
    },
    async prepareMigrations(em) {
      const known = await em.execute(`select 1 from pg_namespace where nspname = ${literal(schema)}`);
      if (known.length === 0) {
        // asked for first: the right to create one is not needed where it is there
        await em.execute(`create schema if not exists ${quote(schema)}`);
      }
    },
    // the mode that conflicts with every change and with itself, and not with reading
    writeLockStatement: (quotedTable) => `lock table ${quotedTable} in share row exclusive mode`,
    ignoringCase: ({ fieldNames: [column = ''] }, values) => ({
      [raw((alias) => foldedColumn(`${alias}.${quote(column)}`))]: { $in: values.map(foldAscii) },
    }),
    foldedColumn,
    sidecar: () => undefined,
    explain: (error) => explainPostgresqlError(location, error),
    lock: (request) => lockPostgresql(location, request),
  };
  return engine;
}
