/** The options of a populate, and the listener that it reports to. */
import type { DatabaseOptions } from '../database/database.ts';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import type { Entry } from '../loads/ledger.ts';
import type { RunRow } from '../loads/run-tables.ts';
import type { Detected, Progress, Source } from './read/source.ts';
import type { ColumnMap } from './record/columns.ts';
import type { ValueSettings } from './record/value-settings.ts';
import type { MaxRejects } from './rejects/reject-limit.ts';
import type { OnConflict } from './write/classify.ts';

export interface PopulateOptions {
  /** All databases; the targets of references are looked up among them. */
  readonly catalog: readonly DatabaseDeclaration[];
  /** Database -> its source. Databases without a source are not loaded. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly columns?: Readonly<Record<string, ColumnMap>>;
  /** Database -> how the text of its source becomes values. */
  readonly values?: Readonly<Record<string, ValueSettings>>;
  /** Spreads one of the sources over several databases. */
  readonly spread?: Spread;
  readonly onConflict?: OnConflict;
  /** Runs in transactions that are rolled back, and writes no file. */
  readonly dryRun?: boolean;
  /** Leaves out files that a finished run of the same table has loaded: those with the same content, read in the same way. */
  readonly onlyNew?: boolean;
  /** Reads only so many records from the beginning of each file: for a dry run. */
  readonly sample?: number;
  /** Starts a new run even where one over the same sources was stopped and could be continued. */
  readonly restart?: boolean;
  readonly rejectsDirectory?: string;
  /** Keeps the rows of all tables only when no record is rejected and no load fails; otherwise all of them are reverted. */
  readonly allOrNothing?: boolean;
  /** The most records that may be rejected, over all tables: a number, or a share such as `1%`. When more are, the run is stopped. */
  readonly maxRejects?: MaxRejects;
  /** Records a statement, and a transaction unless that is given too. */
  readonly batchRecords?: number;
  readonly transactionRecords?: number;
  /** Number of records from which loads run in threads of their own: of all loads of several databases together, of each load of one. */
  readonly threadRecords?: number;
  /** When aborted, each load ends after its current batch; the run can be continued. */
  readonly signal?: AbortSignal;
  readonly listener?: PopulateListener;
  readonly databaseOptions?: (name: string) => DatabaseOptions;
  /** The URL of a module that exports {@link DeclarationModule}; without it, all loads run in one thread. */
  readonly databaseModule?: string;
  /** Called before threads start, which take their memory beside that of this one. */
  readonly beforeThreads?: () => Promise<void>;
}

/** How a thread of its own finds the declaration of the database that it loads. */
export interface DeclarationModule {
  declarationOf(database: string): DatabaseDeclaration | undefined;
}

/** How the records of one source are spread over several databases of the same kind. */
export interface Spread {
  /** The database that the source, and the columns of its properties, are given for. */
  readonly database: string;
  /** The column whose values name the databases; it is found as the columns of properties are. */
  readonly column: string;
  /** The noun for a value in messages: `region`. */
  readonly noun: string;
  /** @returns the database for the records with this value; `undefined` when the value names none */
  databaseOf(value: string): DatabaseDeclaration | undefined;
  /** Whether the user mapped the value to a database; a database has at most one value that is not mapped. */
  isMapped?(value: string): boolean;
}

/** Reports of a populate while it runs. */
export interface PopulateListener {
  /** The runs are about to begin: what this throws keeps them from it, and is what `populate` throws. */
  beginning?(): void;
  /** The run of a table has begun, or goes on: until then, nothing is loaded. */
  begun?(database: string, run: string): void;
  /** A run that was stopped is continued. */
  continued?(database: string, run: RunRow): void;
  /** A source shows how it has to be read, and that is not the usual way. */
  detected?(database: string, source: string, detected: readonly Detected[]): void;
  started?(database: string, progress: Progress): void;
  /** @param rejected of the records that have been read; unknown while a source is spread */
  progressed?(database: string, progress: Progress, read: number, rejected?: number): void;
  loaded?(database: string): void;
  rejected?(database: string, entries: readonly Entry[]): void;
  migrated?(database: string, migrations: readonly string[]): void;
  warned?(database: string, sentence: string): void;
}
