/** The PostgreSQL engine: a database is a set of tables in a schema, which several databases can share. */
import { defineConfig, type EntityManager } from '@mikro-orm/sql';
import type { Pool } from 'pg';
import { MeridianError } from '../../shared/errors.ts';
import { migrationSet } from '../declaration.ts';
import { noteWholeNumbers } from '../declared.ts';
import type { Engine, IndexDefinition } from '../engine.ts';
import { POSTGRESQL_STORAGE } from '../storage.ts';
import { poolConfig, readWholeNumbers } from './connection.ts';
import { limitConnections } from './connection-limit.ts';
import { ReleasingPostgresqlDriver, WideIntegerPostgresqlDriver } from './driver.ts';
import {
  explainPostgresqlError,
  isPostgresqlAnswer,
  isTransientPostgresqlError,
  refusesPostgresqlValue,
} from './errors.ts';
import { postgresqlJson } from './json.ts';
import { postgresqlKeys } from './keys.ts';
import { lockPostgresql } from './lock.ts';
import { adaptMetadata, keepToOwnTables, quote, quoteTable } from './metadata.ts';
import { postgresqlRefusal } from './refusals.ts';
import { postgresqlRows } from './rows.ts';
import { advanceSequences } from './sequences.ts';
import { postgresqlCheckedColumns, postgresqlTableFacts } from './tables.ts';
import { displayPostgresql, type PostgresqlLocation } from './url.ts';

/** Encodings that hold any text; the second one does not validate it. */
const ENCODINGS = ['UTF8', 'SQL_ASCII'];

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

// an arbitrary number that other programs are unlikely to use for a lock
const SCHEMA_LOCK = 7_164_839_201_553;
const MIGRATION_LOCK = 7_164_839_201_554;

export function postgresqlEngine(location: PostgresqlLocation, database: string): Engine {
  const { schema } = location;
  const place = displayPostgresql(location);
  const migrationTable = `mikro_orm_migrations_${migrationSet(database).replaceAll('-', '_')}`;
  const hasSchema = async (em: EntityManager) =>
    (await em.execute(`select 1 from pg_namespace where nspname = ${literal(schema)}`)).length > 0;
  const engine: Engine = {
    location,
    place,
    absence: `${place} holds no tables of ${database}`,
    isInMemory: false,
    hasOneWriter: false,
    metadataSchema: schema,
    migrationTable: `${schema}.${migrationTable}`,
    ownMigrationTable: `meridian_migrations_${migrationSet(database).replaceAll('-', '_')}`,
    // databases of different kinds have tables of different names
    exclusivePlace: `${place} ${migrationSet(database)}`,
    files: [],
    blocksThread: () => false,
    // only the server knows
    isMissing: () => false,
    standIn: () => engine,
    options: (connectionOptions, isProjectSchema) =>
      defineConfig({
        driver: isProjectSchema ? ReleasingPostgresqlDriver : WideIntegerPostgresqlDriver,
        dbName: location.database,
        host: location.host,
        port: location.port,
        user: location.user,
        driverOptions: () => ({
          ...poolConfig(location, database, connectionOptions),
          onPoolCreated(pool: Pool) {
            readWholeNumbers(pool);
            limitConnections(pool, location);
          },
        }),
        discovery: {
          ...(isProjectSchema ? {} : { onMetadata: adaptMetadata }),
          afterDiscovered(metadata, platform) {
            if (isProjectSchema) {
              noteWholeNumbers(metadata);
            }
            keepToOwnTables(metadata, platform.getConfig());
          },
        },
      }),
    configure: (orm) => keepToOwnTables(orm.getMetadata(), orm.config),
    async probe(connection, tables) {
      const here = (table: string) => (table.includes('.') ? quoteTable(table) : `${quote(schema)}.${quote(table)}`);
      const names = [migrationTable, ...tables].map((table) => `to_regclass(${literal(here(table))})`).join(', ');
      const [found] = await connection.execute<{ encoding: string; any: boolean }[]>(
        `select current_setting('server_encoding') as encoding, coalesce(${names}) is not null as any`,
      );
      if (found !== undefined && !ENCODINGS.includes(found.encoding)) {
        throw new MeridianError(
          'database',
          `${place} is encoded in ${found.encoding}, which does not have every character. Create a database with encoding 'UTF8' and template template0, and name it in the database's URL variable.`,
        );
      }
      return found?.any === true;
    },
    async hasTable(em, table) {
      // resolved by the search path, so that it also finds the table of a trial migration
      return (await em.execute(`select 1 where to_regclass(${literal(quoteTable(table))}) is not null`)).length > 0;
    },
    async serializeMigrations(em) {
      await em.execute(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    },
    async identityTables(em, table) {
      return (await engine.hasTable(em, table)) ? [table] : [];
    },
    async prepareMigrations(em) {
      if (await hasSchema(em)) {
        // "create schema if not exists" needs a permission even if the schema exists
        return;
      }
      await em.transactional(async (transaction) => {
        // two transactions that create the same schema at once would fail despite "if not exists"
        await transaction.execute(`select pg_advisory_xact_lock(${SCHEMA_LOCK})`);
        await transaction.execute(`create schema if not exists ${quote(schema)}`);
      });
    },
    async prepareTrial(em) {
      if (!(await hasSchema(em))) {
        // an uncommitted schema would block other transactions that create it
        await em.execute('set local search_path to pg_temp');
      }
    },
    // the mode that conflicts with all changes and with itself, but not with reading
    writeLockStatement: (quotedTable) => `lock table ${quotedTable} in share row exclusive mode`,
    async checkImmediately(em) {
      await em.execute('set constraints all immediate');
    },
    snapshotStatement: 'set transaction isolation level repeatable read, read only',
    instant: (seconds) =>
      `to_char(clock_timestamp() at time zone 'UTC' + interval '${seconds} seconds', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    secondaryIndexes: (em, table) =>
      em.execute<IndexDefinition[]>(
        'select i.relname as name, pg_get_indexdef(x.indexrelid) as definition from pg_index x ' +
          `join pg_class i on i.oid = x.indexrelid where x.indrelid = to_regclass(${literal(quoteTable(table))}) and not x.indisunique`,
      ),
    ...postgresqlKeys(),
    advanceSequences,
    // waiting blocks only one of its connections
    neverBlock: () => Promise.resolve(),
    // the server keeps every row version until it is vacuumed
    keepSavepoints: () => Promise.resolve(),
    isTransient: isTransientPostgresqlError,
    isAnswer: isPostgresqlAnswer,
    refusesValue: refusesPostgresqlValue,
    // each batch is a round trip
    batchRecords: 1000,
    rows: postgresqlRows,
    storage: POSTGRESQL_STORAGE,
    json: postgresqlJson,
    explain: (error, waitedSeconds) => explainPostgresqlError(location, error, waitedSeconds),
    refusal: postgresqlRefusal,
    tableFacts: postgresqlTableFacts,
    checkedColumns: postgresqlCheckedColumns,
    lock: (request) => lockPostgresql(location, request),
  };
  return engine;
}
