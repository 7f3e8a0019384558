/** The options of populate, and the listener that gets its progress. */
import type { DatabaseOptions } from '../database/database.ts';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import type { Entry } from '../loads/ledger.ts';
import type { RunRow } from '../loads/run-tables.ts';
import type { Detected, Progress, Source } from './read/source.ts';
import type { ColumnMap } from './record/columns.ts';
import type { TableValueSettings } from './record/value-settings.ts';
import type { MaxRejects } from './rejects/reject-limit.ts';
import type { OnConflict } from './write/classify.ts';

export interface PopulateOptions {
  /** All databases, among which the targets of references are found. */
  readonly catalog: readonly DatabaseDeclaration[];
  /** Database -> its source. Databases without a source are not loaded. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly columns?: Readonly<Record<string, ColumnMap>>;
  /** Database -> how to convert the text of its source to values. */
  readonly values?: Readonly<Record<string, TableValueSettings>>;
  /** Spreads one of the sources over several databases. */
  readonly spread?: Spread;
  readonly onConflict?: OnConflict;
  /** Runs in transactions that are rolled back, and writes no file. */
  readonly dryRun?: boolean;
  /** Skips files that a finished run of the same table has loaded: those with the same content and settings. */
  readonly onlyNew?: boolean;
  /** Limits the number of records to read from the beginning of each file, for a dry run. */
  readonly sample?: number;
  /** Starts a new run even if a stopped one over the same sources could be continued. */
  readonly restart?: boolean;
  readonly rejectsDirectory?: string;
  /** Keeps the rows of all tables only if no record is rejected and no load fails; otherwise reverts all. */
  readonly allOrNothing?: boolean;
  /** Maximum number of rejected records over all tables: a number, or a share such as `1%`. If it is exceeded, the run is stopped. */
  readonly maxRejects?: MaxRejects;
  /** Records per statement; also per transaction unless that is given. */
  readonly batchRecords?: number;
  readonly transactionRecords?: number;
  /**
   * Minimum number of records for loads in threads of their own: of all loads together if there are several databases, else of each load.
   */
  readonly threadRecords?: number;
  /** When aborted, each load ends after its current batch; the run can be continued. */
  readonly signal?: AbortSignal;
  readonly listener?: PopulateListener;
  readonly databaseOptions?: (name: string) => DatabaseOptions;
  /** The URL of a module that exports {@link DeclarationModule}; without it, all loads run in one thread. */
  readonly databaseModule?: string;
  /** Called before threads start, since their memory adds to that of this thread. */
  readonly beforeThreads?: () => Promise<void>;
}

/** Lets a thread find the declaration of the database that it loads. */
export interface DeclarationModule {
  declarationOf(database: string): DatabaseDeclaration | undefined;
}

/** Distributes the records of one source over several databases of the same kind. */
export interface Spread {
  /** The database under which the source, and the columns of its properties, are specified. */
  readonly database: string;
  /** The column with the names of the databases; it is matched like the columns of properties. */
  readonly column: string;
  /** The noun for a value in messages: `region`. */
  readonly noun: string;
  /** @returns the database for the records with this value; `undefined` when the value names none */
  databaseOf(value: string): DatabaseDeclaration | undefined;
  /** Whether the user mapped the value to a database. A database has at most one value that is not mapped. */
  isMapped?(value: string): boolean;
}

/** Receives the progress of a populate. */
export interface PopulateListener {
  /** Called before runs start. An error that it throws prevents them, and is thrown by `populate`. */
  beginning?(): void;
  /** Called when the run of a table starts or is continued, before anything is loaded. */
  begun?(database: string, run: string): void;
  /** Called when a stopped run is continued. */
  continued?(database: string, run: RunRow): void;
  /** Called when a source is read with detected settings that are not the default. */
  detected?(database: string, source: string, detected: readonly Detected[]): void;
  started?(database: string, progress: Progress): void;
  /** @param rejected the number of rejected records so far; unknown while a source is spread */
  progressed?(database: string, progress: Progress, read: number, rejected?: number): void;
  loaded?(database: string): void;
  rejected?(database: string, entries: readonly Entry[]): void;
  migrated?(database: string, migrations: readonly string[]): void;
  warned?(database: string, sentence: string): void;
}
