/**
 * The tables in which a populate stores its progress, in the same transactions as the rows that it loads. Every database has its
 * own, named after it, so that several databases can share one schema.
 */
import { EntitySchema } from '@mikro-orm/core';
import { migrationSet } from '../database/declaration.ts';

/**
 * - `loading`: records are being loaded, or were until the process was killed or interrupted, or the database failed
 * - `loaded`: all records are loaded; the check of references is not finished
 * - `checked`: only the rejects file is still to be written
 * - `ready`: of a run of everything or nothing: checked, without rejects; it stays when all its tables are ready
 * - `reverting`: of such a run: its rows are being reverted
 * - `reverted`: of such a run: nothing of it is left
 * - `stopping`: of earlier versions: a load of the run stopped before its end; the run is not continued
 * - `finished`: loaded, checked and reported
 * - `failed`: a fault of the source ended the load, and was reported; the same command starts it again
 * - `interrupted`: of earlier versions, likewise
 * - `abandoned`: it was stopped, and another run started instead of continuing it
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

/** The states in which rows of a run may still have to be reverted. */
export const UNDECIDED_STATES: readonly RunState[] = ['loading', 'loaded', 'ready', 'reverting', 'stopping'];

/** One load of one table. Lists and objects are JSON. */
export interface RunRow {
  /** The same for all tables that one populate loads; later runs compare as greater. */
  id: string;
  /** The source as the user named it. */
  source: string;
  /** A digest of the source; `null` for one that cannot be read again. */
  content: string | null;
  /** The options that decide the outcome. */
  settings: string;
  /** Names of all tables that the run loads. */
  databases: string;
  state: RunState;
  /** Records that have been dealt with. */
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: number;
  reasons: string;
  /** `null` as soon as there are too many to be reported one by one. */
  details: string | null;
  seconds: number;
  failure: string | null;
  /** Definitions of indexes that the load has deferred until its records are in; `null` when all exist. */
  indexes: string | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  updatedAt: string;
  /** The name of the entity in the declaration of its database. */
  entity: string;
}

/** The outcomes of one batch, kept until the run has ended. */
export interface RunBatchRow {
  entity: string;
  firstNumber: number;
  /** With the numbers of the records, where these are not consecutive. */
  outcomes: string;
  /** Primary keys of the records that were accepted. */
  ids: string;
  /** The values of updated rows before the update. */
  before: string | null;
  /** The relations of rows whose targets were not there yet. */
  deferred: string | null;
}

/** A rejected record, kept with its run. */
export interface RejectRow {
  entity: string;
  /** The id of the run that rejected it. */
  run: string;
  number: number;
  /** The file that it stands in, where the source has several. */
  file: string | null;
  line: number;
  record: string;
  errors: string;
}

/** One of the several files of a run. */
export interface RunFileRow {
  entity: string;
  /** The id of the run. */
  run: string;
  /** 0 for the first. */
  position: number;
  name: string;
  /** A digest of it and of how it is read. */
  content: string;
  /** How many records it has; `null` until all of them have been dealt with. */
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
