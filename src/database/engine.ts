/** The interface between a database and its engine. Each engine implements it once; nothing else depends on an engine. */
import type { Connection } from '@mikro-orm/core';
import type { EntityManager, Options, MikroORM as SqlMikroORM } from '@mikro-orm/sql';
import type { ErrorCode } from '../shared/errors.ts';
import type { JsonDialect } from './json.ts';
import type { DatabaseLocation } from './location.ts';
import type { Refusal } from './refusal.ts';
import type { RowsDialect } from './rows-dialect.ts';
import type { StorageDialect } from './storage.ts';

/** How long a statement, or a run, waits for another process's lock before it gives up. */
export const BUSY_SECONDS = 5;

/** What an error of the engine means: a whole sentence without the name of the database. */
export interface Explanation {
  readonly code: ErrorCode;
  readonly sentence: string;
}

/** Kept as long as a run works on a database; the operating system or the server lets go of it when its holder dies. */
export interface DatabaseLock {
  /** @throws MeridianError `locked` when it has been lost meanwhile, so that another run may be running */
  check(): void;
  release(): Promise<void>;
}

export interface LockRequest {
  /** For messages and for those who look who holds the lock. */
  readonly database: string;
  /** When true, nothing is created for the lock's sake. */
  readonly isReadOnly: boolean;
  readonly waitSeconds: number;
}

export interface IndexDefinition {
  readonly name: string;
  /** The statement that makes it. */
  readonly definition: string;
}

/** Facts about a table that only the database knows. */
export interface TableFacts {
  /** Whether triggers or rules may change the values that are written. */
  readonly hasTriggers: boolean;
  /** Name of a column -> its declaration. */
  readonly columnTypes: ReadonlyMap<string, string>;
}

/** How the connections of a database behave. */
export interface ConnectionOptions {
  /** Nothing is changed by connecting. */
  readonly readOnly?: boolean;
  /** Nothing is made where nothing is any more. */
  readonly mustExist?: boolean;
  /** How many statements may be under way at once, where there is a server to run them. */
  readonly connections?: number;
  /** Waits for the locks of other processes without keeping the whole thread waiting, signals included, where the driver would. */
  readonly keepsThreadFree?: boolean;
  /** How long a connection and each answer may take, for those who can do without. */
  readonly answerSeconds?: number;
}

export interface Engine {
  /** The place itself, whatever links that led to it lead to later: for other threads. */
  readonly location: DatabaseLocation;
  /** Where the database is, for people. */
  readonly place: string;
  /** A sentence without its full stop for when nothing is there. */
  readonly absence: string;
  /** Whether the database is gone when it is closed. */
  readonly isInMemory: boolean;
  /** The table that records migrations, with its schema. */
  readonly migrationTable: string;
  /** The table that records the migrations of Meridian's own tables. */
  readonly ownMigrationTable: string;
  /** Two databases with the same one are the same place; none for a database that no other process can see. */
  readonly exclusivePlace: string | undefined;
  /** The files that the database consists of, the one with the data first; none on a server. */
  readonly files: readonly string[];
  /** Whether transactions that write wait for each other, whatever rows they are about. */
  readonly hasOneWriter: boolean;
  /** The schema that MikroORM puts into what it makes of entities; wherever else the database is, it makes the same of the same ones. */
  readonly metadataSchema: string | undefined;
  /** Whether a statement about all rows may keep this thread from everything else for long. */
  blocksThread(): boolean;
  /** Whether it is known without connecting that nothing is there. */
  isMissing(): boolean;
  /** What stands in for a database that is missing and must not be made. */
  standIn(): Engine;
  /**
   * Driver and connection.
   *
   * @param isProjectSchema whether the columns are as MikroORM makes them of the entities, which a project's own migrations are made for; else
   *   they hold the same values on every engine: whole numbers up to 2^53, and text that compares by its bytes
   */
  options(connectionOptions: ConnectionOptions, isProjectSchema: boolean): Options;
  /** Sets in the configuration of an instance that takes the metadata of another one what a discovery would have set. */
  configure(orm: SqlMikroORM): void;
  /** Makes the driver really look. @returns whether anything of this database is there, tables or recorded migrations */
  probe(connection: SqlExecutor, tables: readonly string[]): Promise<boolean>;
  /** Lets other processes that migrate wait until the transaction ends; its first statement. */
  serializeMigrations(em: EntityManager): Promise<void>;
  /** Whether a table of this database is there, as the transaction of `em` sees it. */
  hasTable(em: EntityManager, table: string): Promise<boolean>;
  /**
   * The tables that say whose the database is, of which its own is `table`: those of every database in a file, which holds one
   * database only; its own in a schema, which others may share.
   */
  identityTables(em: EntityManager, table: string): Promise<readonly string[]>;
  /** Makes what migrations need to begin with, and only if it is not there. */
  prepareMigrations(em: EntityManager): Promise<void>;
  /** The same within a transaction that will be rolled back, and without being in the way of others like it. */
  prepareTrial(em: EntityManager): Promise<void>;
  /** A statement that changes no row but keeps other writers of the table away until the transaction ends. */
  writeLockStatement(quotedTable: string): string;
  /** Checks deferred constraints with each statement for the rest of the transaction, as far as the engine can. */
  checkImmediately(em: EntityManager): Promise<void>;
  /** Makes all that a transaction reads from here on be as it was at one moment; its first statement. */
  readonly snapshotStatement: string;
  /** An expression of SQL: its own time, so many seconds from now, in UTC as ISO 8601 with milliseconds. */
  instant(secondsFromNow: number): string;
  /** The indexes of a table that only make it faster: none that keeps its rows unique. */
  secondaryIndexes(em: EntityManager, table: string): Promise<readonly IndexDefinition[]>;
  /**
   * Primary keys for new rows, from the sequence of the column, or from one that is named after the table. Where several transactions
   * write at once, they may be taken by rows that came with keys of their own: see `skipTakenKeys`.
   *
   * @param key the column of the primary key, `id` unless it is given
   */
  nextKeys(em: EntityManager, table: string, count: number, key?: string): Promise<readonly number[]>;
  /** Lets the next keys begin after the greatest that a row has, if that leaves room for others. */
  skipTakenKeys(em: EntityManager, table: string, key?: string): Promise<void>;
  /** The same as `nextKeys` for a transaction that is rolled back: no sequence moves, so others may be given the same keys. */
  trialKeys(em: EntityManager, table: string, count: number, key: string): Promise<readonly number[]>;
  /** The values that an expression of SQL has, such as the default of a column, as often as it is asked. */
  evaluate(em: EntityManager, expression: string, count: number): Promise<readonly unknown[]>;
  /** Moves the sequences of a table past the keys in it, so that other programs can insert rows. A rollback does not undo it. */
  advanceSequences(em: EntityManager, table: string): Promise<void>;
  /**
   * From now on, a statement on this database that meets another's lock fails at once where waiting would keep all of this
   * process waiting, perhaps the very holder of the lock: for callers that try again by themselves.
   */
  neverBlock(em: EntityManager): Promise<void>;
  /**
   * Whether the same transaction may well succeed when it is tried again: another one was in its way, or the connection
   * was lost, in which case it is unknown whether it was committed.
   */
  isTransient(error: unknown): boolean;
  /**
   * Records that a load has in memory at a time: enough to make the cost of a statement small, few enough to be garbage before the collector
   * copies them.
   */
  readonly batchRecords: number;
  /** How statements over many rows are written. */
  readonly rows: RowsDialect;
  /** How its columns differ from PostgreSQL's. */
  readonly storage: StorageDialect;
  /** How it looks into JSON. */
  readonly json: JsonDialect;
  /**
   * Keeps what the savepoints of the following transactions restore in memory, or again where the engine keeps it by itself. It is as much
   * as is changed within one savepoint; what is sorted is kept there too, so this is for transactions that sort little.
   */
  keepSavepoints(em: EntityManager, where: 'in memory' | 'by default'): Promise<void>;
  /** Whether an error is the database's answer to a statement, and no fault of the way to it or of the program. */
  isAnswer(error: unknown): boolean;
  /**
   * Whether the database answered that it cannot hold a value that it was given: the same statement with other values may well
   * succeed. A list of such answers, so that no other fault is ever taken for bad data.
   */
  refusesValue(error: unknown): boolean;
  /** @returns undefined for an error that is not known */
  explain(error: unknown, waitedSeconds?: number): Explanation | undefined;
  /** @returns undefined for an error that does not concern one row */
  refusal(error: unknown): Refusal | undefined;
  tableFacts(em: EntityManager, table: string): Promise<TableFacts>;
  /**
   * The columns of a table that a check uses.
   *
   * @param check its name, or its expression where it has none
   */
  checkedColumns(
    em: EntityManager,
    table: string,
    check: string,
    columns: readonly string[],
  ): Promise<readonly string[]>;
  /** @throws MeridianError `locked`, saying which process holds the lock and since when */
  lock(request: LockRequest): Promise<DatabaseLock>;
}

/** What can run a statement outside a transaction. */
type SqlExecutor = Connection & { execute(sql: string): Promise<Record<string, unknown>[]> };
