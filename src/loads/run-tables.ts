/**
 * The tables in which populate stores its progress, in the same transactions as the loaded rows. Every database has its own, which are
 * named after it, since several databases can share one schema.
 */
import { EntitySchema } from '@mikro-orm/core';
import { migrationSet } from '../database/declaration.ts';

/**
 * - `loading`: records are being loaded, or were until the process was killed or interrupted, or the database failed
 * - `loaded`: all records are loaded; the reference check is not finished
 * - `checked`: only the rejects file is still to be written
 * - `ready`: for an all-or-nothing run: checked, without rejects, and final when all tables of the run are ready
 * - `reverting`: for an all-or-nothing run: its rows are being reverted
 * - `reverted`: for an all-or-nothing run: all its rows are reverted
 * - `stopping`: in earlier versions: a load of the run stopped before its end; the run is not continued
 * - `finished`: loaded, checked and reported
 * - `failed`: an error in the source ended the load, and was reported; the same command starts it again
 * - `interrupted`: in earlier versions, the same after an interruption
 * - `abandoned`: it was stopped, and another run was started instead of continuing it
 */
export type RunState =
  | 'loading'
  | 'loaded'
  | 'checked'
  | 'ready'
  | 'reverting'
  | 'reverted'
  | 'stopping'
  | 'finished'
  | 'failed'
  | 'interrupted'
  | 'abandoned';

/** States in which rows of a run may still have to be reverted. */
export const UNDECIDED_STATES: readonly RunState[] = ['loading', 'loaded', 'ready', 'reverting', 'stopping'];

/** One load of one table. Lists and objects are stored as JSON. */
export interface RunRow {
  /** The same for all tables that one populate loads; ids of later runs are greater. */
  id: string;
  /** The source as the user named it. */
  source: string;
  /** A digest of the source; `null` if it cannot be read again. */
  content: string | null;
  /** The options that affect the outcome. */
  settings: string;
  /** The names of all tables that the run loads. */
  databases: string;
  state: RunState;
  /** Number of processed records. */
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: number;
  reasons: string;
  /** `null` if there are too many records to report them one by one. */
  details: string | null;
  seconds: number;
  failure: string | null;
  /** Definitions of indexes that are deferred until all records are loaded; `null` if all exist. */
  indexes: string | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  updatedAt: string;
  /** The entity's name in the declaration of its database. */
  entity: string;
}

/** The outcomes of one batch, kept until the run has ended. */
export interface RunBatchRow {
  entity: string;
  firstNumber: number;
  /** With the record numbers, unless these are consecutive. */
  outcomes: string;
  /** Primary keys of the accepted records. */
  ids: string;
  /** The values of updated rows before the update. */
  before: string | null;
  /** Relations of rows whose targets did not exist yet. */
  deferred: string | null;
}

/** A rejected record, kept with its run. */
export interface RejectRow {
  entity: string;
  /** The id of the run that rejected it. */
  run: string;
  number: number;
  /** The file that contains it, if the source has several. */
  file: string | null;
  line: number;
  record: string;
  errors: string;
}

/** A file of a run with several. */
export interface RunFileRow {
  entity: string;
  /** The id of the run. */
  run: string;
  /** 0 for the first. */
  position: number;
  name: string;
  /** A digest of the file and of the options that it is read with. */
  content: string;
  /** The number of its records; `null` until all are processed. */
  records: number | null;
}

export interface RunTables {
  readonly files: EntitySchema<RunFileRow>;
  readonly runs: EntitySchema<RunRow>;
  readonly batches: EntitySchema<RunBatchRow>;
  readonly rejects: EntitySchema<RejectRow>;
}

const made = new Map<string, RunTables>();

/** The tables of one database, such as `meridian_runs_users`, `meridian_run_batches_users` and `meridian_rejects_users`. */
export function runTables(database: string): RunTables {
  const set = migrationSet(database);
  let tables = made.get(set);
  if (tables === undefined) {
    tables = makeTables(set);
    made.set(set, tables);
  }
  return tables;
}

const TEXT = { type: 'text' } as const;
const OPTIONAL_TEXT = { type: 'text', nullable: true } as const;
const WHOLE = { type: 'integer' } as const;
const TEXT_KEY = { type: 'text', primary: true } as const;
const WHOLE_KEY = { type: 'integer', primary: true, autoincrement: false } as const;

function makeTables(set: string): RunTables {
  const suffix = set.replaceAll('-', '_');
  return {
    runs: new EntitySchema<RunRow>({
      name: `meridian_run_${suffix}`,
      tableName: `meridian_runs_${suffix}`,
      properties: {
        id: TEXT_KEY,
        entity: TEXT_KEY,
        source: TEXT,
        content: OPTIONAL_TEXT,
        settings: TEXT,
        databases: TEXT,
        state: TEXT,
        read: WHOLE,
        inserted: WHOLE,
        updated: WHOLE,
        unchanged: WHOLE,
        rejected: WHOLE,
        reasons: TEXT,
        details: OPTIONAL_TEXT,
        seconds: { type: 'double' },
        failure: OPTIONAL_TEXT,
        indexes: OPTIONAL_TEXT,
        startedAt: TEXT,
        updatedAt: TEXT,
      },
    }),
    batches: new EntitySchema<RunBatchRow>({
      name: `meridian_run_batch_${suffix}`,
      tableName: `meridian_run_batches_${suffix}`,
      properties: {
        entity: TEXT_KEY,
        firstNumber: WHOLE_KEY,
        outcomes: TEXT,
        ids: TEXT,
        before: OPTIONAL_TEXT,
        deferred: OPTIONAL_TEXT,
      },
    }),
    files: new EntitySchema<RunFileRow>({
      name: `meridian_run_file_${suffix}`,
      tableName: `meridian_run_files_${suffix}`,
      properties: {
        entity: TEXT_KEY,
        run: TEXT_KEY,
        position: WHOLE_KEY,
        name: TEXT,
        content: TEXT,
        records: { type: 'integer', nullable: true },
      },
    }),
    rejects: new EntitySchema<RejectRow>({
      name: `meridian_reject_${suffix}`,
      tableName: `meridian_rejects_${suffix}`,
      properties: {
        entity: TEXT_KEY,
        run: TEXT_KEY,
        number: WHOLE_KEY,
        file: OPTIONAL_TEXT,
        line: WHOLE,
        record: TEXT,
        errors: TEXT,
      },
    }),
  };
}
