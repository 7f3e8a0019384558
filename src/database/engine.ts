/** The interface between a database and its engine. Each engine implements it once; nothing else depends on a particular engine. */
import type { Connection } from '@mikro-orm/core';
import type { EntityManager, Options, MikroORM as SqlMikroORM } from '@mikro-orm/sql';
import type { ErrorCode } from '../shared/errors.ts';
import type { JsonDialect } from './json.ts';
import type { DatabaseLocation } from './location.ts';
import type { Refusal } from './refusal.ts';
import type { RowsDialect } from './rows-dialect.ts';
import type { StorageDialect } from './storage.ts';

/** How long a statement or a run waits for another process's lock before it fails. */
export const BUSY_SECONDS = 5;

/** The meaning of an engine's error: a whole sentence without the database's name. */
export interface Explanation {
  readonly code: ErrorCode;
  readonly sentence: string;
}

/** The lock of a run on a database. The operating system or the server releases it when its holder dies. */
export interface DatabaseLock {
  /** @throws MeridianError `locked` if the lock was lost, so that another run may have started */
  check(): void;
  release(): Promise<void>;
}

export interface LockRequest {
  /** For messages, and to identify the holder of the lock to others. */
  readonly database: string;
  /** When true, nothing is created in order to lock. */
  readonly isReadOnly: boolean;
  readonly waitSeconds: number;
}

export interface IndexDefinition {
  readonly name: string;
  /** The statement that creates the index. */
  readonly definition: string;
}

/** Facts about a table that entities do not declare. */
export interface TableFacts {
  /** Whether triggers or rules may change written values. */
  readonly hasTriggers: boolean;
  /** Name of a column -> its declaration. */
  readonly columnTypes: ReadonlyMap<string, string>;
}

/** Options of a database's connections. */
export interface ConnectionOptions {
  /** Connecting changes nothing. */
  readonly readOnly?: boolean;
  /** Fails instead of creating a database that was removed meanwhile. */
  readonly mustExist?: boolean;
  /** Maximum number of concurrent statements, on a server. */
  readonly connections?: number;
  /** Waits for locks of other processes without blocking the thread, and with it signal handlers, where the driver would. */
  readonly keepsThreadFree?: boolean;
  /** Timeout of connecting and of each statement, for callers that can do without a result. */
  readonly answerSeconds?: number;
}

export interface Engine {
  /** The resolved location, which does not change with the links that led to it: for other threads. */
  readonly location: DatabaseLocation;
  /** The location in readable form. */
  readonly place: string;
  /** The sentence that says that the database does not exist, without its full stop. */
  readonly absence: string;
  /** Whether closing the database discards it. */
  readonly isInMemory: boolean;
  /** The table that records migrations, with its schema. */
  readonly migrationTable: string;
  /** The table that records the migrations of Meridian's own tables. */
  readonly ownMigrationTable: string;
  /** Equal for two databases in the same place; undefined for a database that other processes cannot see. */
  readonly exclusivePlace: string | undefined;
  /** The files of the database, the one with the data first; empty on a server. */
  readonly files: readonly string[];
  /** Whether writing transactions wait for each other, whichever rows they concern. */
  readonly hasOneWriter: boolean;
  /** The schema that becomes part of MikroORM's metadata. With the same schema and entities, the metadata is the same in every location. */
  readonly metadataSchema: string | undefined;
  /** Whether a statement over all rows may block this thread for long. */
  blocksThread(): boolean;
  /** Whether the database is known not to exist without connecting. */
  isMissing(): boolean;
  /** The engine to use in place of a missing database that must not be created. */
  standIn(): Engine;
  /**
   * The options for driver and connection.
   *
   * @param isProjectSchema whether the columns are those that MikroORM derives from the entities, which a project's own migrations expect;
   *   else they hold the same values on every engine: integers up to 2^53, and text that is compared bytewise
   */
  options(connectionOptions: ConnectionOptions, isProjectSchema: boolean): Options;
  /** Applies the settings that discovery makes to an instance that takes over another's metadata. */
  configure(orm: SqlMikroORM): void;
  /** Makes the driver actually open the database. @returns whether tables or recorded migrations of this database exist */
  probe(connection: SqlExecutor, tables: readonly string[]): Promise<boolean>;
  /** Makes other processes that migrate wait until the transaction ends. Has to be the transaction's first statement. */
  serializeMigrations(em: EntityManager): Promise<void>;
  /** Whether a table of this database exists, as seen by the transaction of `em`. */
  hasTable(em: EntityManager, table: string): Promise<boolean>;
  /**
   * The identity tables to check, where `table` is the database's own: all in a file, which holds one database only; just the own one in a
   * schema, which several databases may share.
   */
  identityTables(em: EntityManager, table: string): Promise<readonly string[]>;
  /** Creates what migrations require, such as a schema, unless it exists. */
  prepareMigrations(em: EntityManager): Promise<void>;
  /** The same for a transaction that will be rolled back, without blocking other such transactions. */
  prepareTrial(em: EntityManager): Promise<void>;
  /** A statement that changes no row, but locks the table against other writers until the transaction ends. */
  writeLockStatement(quotedTable: string): string;
  /** Checks deferred constraints after each statement for the rest of the transaction, as far as the engine can. */
  checkImmediately(em: EntityManager): Promise<void>;
  /** Gives the transaction one snapshot for all its later reads. Has to be the transaction's first statement. */
  readonly snapshotStatement: string;
  /** An SQL expression for the engine's time, so many seconds from now, in UTC as ISO 8601 with milliseconds. */
  instant(secondsFromNow: number): string;
  /** The indexes of a table that only make it faster: all but unique ones. */
  secondaryIndexes(em: EntityManager, table: string): Promise<readonly IndexDefinition[]>;
  /**
   * Primary keys for new rows, from the sequence of the column, or else one named after the table. With concurrent writers, rows that came
   * with keys of their own may have taken some of these: see `skipTakenKeys`.
   *
   * @param key the primary key column, by default `id`
   */
  nextKeys(em: EntityManager, table: string, count: number, key?: string): Promise<readonly number[]>;
  /** Continues after the greatest key of a row, if that leaves room for others. */
  skipTakenKeys(em: EntityManager, table: string, key?: string): Promise<void>;
  /** Like `nextKeys`, for a transaction that is rolled back: it does not advance a sequence, so others may get the same keys. */
  trialKeys(em: EntityManager, table: string, count: number, key: string): Promise<readonly number[]>;
  /** Evaluates an SQL expression, such as a column default, so many times. */
  evaluate(em: EntityManager, expression: string, count: number): Promise<readonly unknown[]>;
  /** Advances the sequences of a table beyond its keys, so that other programs can insert rows. A rollback does not undo this. */
  advanceSequences(em: EntityManager, table: string): Promise<void>;
  /**
   * From now on, a statement that meets another's lock fails at once if waiting would block the whole process, perhaps including the holder
   * of the lock: for callers that retry.
   */
  neverBlock(em: EntityManager): Promise<void>;
  /**
   * Whether a retry of the transaction may succeed: it conflicted with another, or the connection was lost. After a lost connection it is
   * unknown whether the transaction was committed.
   */
  isTransient(error: unknown): boolean;
  /**
   * Records that a load holds in memory at a time: enough to amortize the cost of a statement, few enough to become garbage before the
   * collector moves them to the old generation.
   */
  readonly batchRecords: number;
  /** How to write statements over many rows. */
  readonly rows: RowsDialect;
  /** How its columns differ from PostgreSQL's. */
  readonly storage: StorageDialect;
  /** How to query JSON. */
  readonly json: JsonDialect;
  /**
   * Keeps the undo data of savepoints in later transactions in memory, or restores the engine's default. Its size is that of the changes
   * within one savepoint. Sorts are also kept in memory then, so this is for transactions that sort little.
   */
  keepSavepoints(em: EntityManager, where: 'in memory' | 'by default'): Promise<void>;
  /** Whether an error is the database's response to a statement, and not a connection error or a bug. */
  isAnswer(error: unknown): boolean;
  /**
   * Whether the database rejected a value that it cannot store: the statement may succeed with other values. Implemented as a list of known
   * errors, so that no other failure is mistaken for bad data.
   */
  refusesValue(error: unknown): boolean;
  /** @returns undefined for an unknown error */
  explain(error: unknown, waitedSeconds?: number): Explanation | undefined;
  /** @returns undefined for an error that does not concern a single row */
  refusal(error: unknown): Refusal | undefined;
  tableFacts(em: EntityManager, table: string): Promise<TableFacts>;
  /**
   * The columns that a check constraint uses.
   *
   * @param check its name, or its expression if it has none
   */
  checkedColumns(
    em: EntityManager,
    table: string,
    check: string,
    columns: readonly string[],
  ): Promise<readonly string[]>;
  /** @throws MeridianError `locked`, with the process that holds the lock and since when */
  lock(request: LockRequest): Promise<DatabaseLock>;
}

/** Runs statements outside a transaction. */
type SqlExecutor = Connection & { execute(sql: string): Promise<Record<string, unknown>[]> };
