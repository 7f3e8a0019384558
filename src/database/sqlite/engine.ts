/** The SQLite engine: a database is a file. */
import { existsSync, statSync } from 'node:fs';
import { defineConfig, type EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import type { Engine, IndexDefinition } from '../engine.ts';
import { keysAfter, startOfFreeKeys } from '../free-keys.ts';
import { IDENTITY_PREFIX } from '../identity.ts';
import { displayPath, type SqliteLocation } from '../location.ts';
import { runStatement } from '../run-statement.ts';
import { prepareSqliteConnection, sqliteDriverOptions } from './connection.ts';
import { ReleasingSqliteDriver } from './driver.ts';
import { explainSqliteError, isSqliteAnswer, isSqliteLocked, refusesSqliteValue } from './errors.ts';
import { sqliteJson } from './json.ts';
import { lockSqliteFile } from './lock.ts';
import { readBigintsAsText } from './metadata.ts';
import { realPath } from './real-path.ts';
import { sqliteRefusal } from './refusals.ts';
import { sqliteRows } from './rows.ts';
import { sqliteCheckedColumns, sqliteTableFacts } from './tables.ts';
import { MEMORY } from './url.ts';

/** About the size of a file for which SQLite creates an index within half a second. */
const LARGE_BYTES = 64 * 1024 * 1024;

export function sqliteEngine({ file: given, named = given }: SqliteLocation): Engine {
  const place = displayPath(named);
  const isInMemory = given === MEMORY;
  // resolved once, so that a link that changes meanwhile does not affect this process
  const file = isInMemory ? given : realPath(given);
  return {
    location: { engine: 'sqlite', file, named },
    place,
    absence: `${place} does not exist`,
    isInMemory,
    hasOneWriter: true,
    metadataSchema: undefined,
    migrationTable: 'mikro_orm_migrations',
    ownMigrationTable: 'meridian_migrations',
    exclusivePlace: isInMemory ? undefined : file,
    files: isInMemory ? [] : ['', '-wal', '-shm', '-journal'].map((suffix) => `${file}${suffix}`),
    blocksThread: () => bytesOf(file) + bytesOf(`${file}-wal`) > LARGE_BYTES,
    isMissing: () => !isInMemory && !existsSync(file),
    standIn: () => sqliteEngine({ engine: 'sqlite', file: MEMORY }),
    options: (connectionOptions) =>
      defineConfig({
        driver: ReleasingSqliteDriver,
        dbName: file,
        // MikroORM would list all tables and ignore the result
        ensureDatabase: false,
        driverOptions: () => ({
          ...sqliteDriverOptions(file, connectionOptions, named),
          fileMustExist: connectionOptions.mustExist === true && !isInMemory,
          keepsThreadFree: connectionOptions.keepsThreadFree,
        }),
        discovery: { afterDiscovered: readBigintsAsText },
        ...(connectionOptions.readOnly
          ? {}
          : {
              onCreateConnection: (connection) => prepareSqliteConnection(connection, connectionOptions.answerSeconds),
            }),
      }),
    configure: () => undefined,
    // an existing file is read by the identity check
    probe: () => Promise.resolve(true),
    async hasTable(em, table) {
      return (await em.execute("select 1 from sqlite_master where type = 'table' and name = ?", [table])).length > 0;
    },
    // its first writing statement waits for the only writer
    serializeMigrations: () => Promise.resolve(),
    async identityTables(em) {
      const rows = await em.execute<{ name: string }[]>(
        "select name from sqlite_master where type = 'table' and name glob ? order by name",
        [`${IDENTITY_PREFIX}*`],
      );
      return rows.map(({ name }) => name);
    },
    prepareMigrations: () => Promise.resolve(),
    prepareTrial: () => Promise.resolve(),
    // a transaction that reads first and writes later fails at once if another process wrote in between; one that starts with this
    // statement waits instead
    writeLockStatement: (quotedTable) => `delete from ${quotedTable} where 1 = 0`,
    // only foreign keys can be deferred, and then nothing makes them immediate
    checkImmediately: () => Promise.resolve(),
    // in WAL mode, the first read fixes the snapshot of the transaction
    snapshotStatement: 'select 1 from sqlite_master limit 1',
    instant: (seconds) => `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '${seconds} seconds')`,
    secondaryIndexes: (em, table) =>
      em.execute<IndexDefinition[]>(
        "select name, sql as definition from sqlite_master where type = 'index' and tbl_name = ? and sql not like 'create unique%'",
        [table],
      ),
    // only one transaction writes at a time, so no other takes these keys
    nextKeys: freeKeys,
    trialKeys: freeKeys,
    async evaluate(em, expression, count) {
      const text = `with recursive each(n) as (select 1 union all select n + 1 from each where n < ?) select (${expression}) as value from each`;
      const { rows } = await em.getKysely<unknown>().executeQuery<{ value: unknown }>(CompiledQuery.raw(text, [count]));
      return rows.map(({ value }) => value);
    },
    skipTakenKeys: () => Promise.resolve(),
    // new keys are always greater than the existing ones
    advanceSequences: () => Promise.resolve(),
    async neverBlock(em) {
      await em.execute('pragma busy_timeout = 0');
    },
    // by default, each page that is changed within a savepoint is written to a file first
    async keepSavepoints(em, where) {
      // a dry run runs in a transaction, in which this setting cannot be changed
      if (!em.isInTransaction()) {
        await em.execute(`pragma temp_store = ${where === 'in memory' ? 'memory' : 'default'}`);
      }
    },
    isTransient: isSqliteLocked,
    isAnswer: isSqliteAnswer,
    refusesValue: (error) => refusesSqliteValue(file, error),
    batchRecords: 500,
    rows: sqliteRows,
    // numbers have 64 bits; larger ones are rounded
    storage: { hasSingleFloats: false, hasInfinity: false, exactDigits: 15, hasLists: false },
    json: sqliteJson,
    explain: (error, waitedSeconds) => explainSqliteError(named, error, { waitedSeconds }),
    refusal: sqliteRefusal,
    tableFacts: sqliteTableFacts,
    checkedColumns: sqliteCheckedColumns,
    lock: (request) => lockSqliteFile(isInMemory ? undefined : `${file}.lock`, request),
  };
}

async function freeKeys(em: EntityManager, table: string, count: number, key = 'id'): Promise<number[]> {
  const query = CompiledQuery.raw(`select ${startOfFreeKeys(`"${table}"`, `"${key}"`)} as start`);
  const { rows } = await runStatement(em, query as CompiledQuery<{ start: number }>);
  return keysAfter(rows[0]?.start ?? 0, count);
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
