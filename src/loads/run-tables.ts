/**
 * The tables in which a populate keeps how far it is, in the same transactions as the rows that it loads. Every database
 * has its own, named after it, so that several databases can share one schema.
 */
import { EntitySchema } from '@mikro-orm/core';
import { type DatabaseDeclaration, migrationSet } from '../database/declaration.ts';

/**
 * - `loading`: records are going in, or were until the process was killed or interrupted, or the database failed
 * - `loaded`: all of them are in; references are checked, or were going to be
 * - `checked`: nothing is left to do but to write the rejects file
 * - `stopping`: written by earlier versions: a load of the run stopped before its end; the run is not continued
 * - `finished`: all of it was done and reported
 * - `failed`: it ended before the end of its source, which was at fault, and that was reported; the same command begins it once more
 * - `interrupted`: written by earlier versions, likewise
 * - `abandoned`: it was stopped, and another run began instead of continuing it
 */
export type RunState =
  | 'loading'
  | 'loaded'
  | 'checked'
  | 'stopping'
  | 'finished'
  | 'failed'
  | 'interrupted'
  | 'abandoned';

/** While a run is in one of these, the references of what it brings in are not checked. */
export const UNDECIDED_STATES: readonly RunState[] = ['loading', 'loaded', 'stopping'];

/** One load of one database. Lists and objects are kept as JSON. */
export interface RunRow {
  /** The same in all databases that one populate loads; later runs compare as greater. */
  id: string;
  /** The source as the user named it. */
  source: string;
  /** What the source holds, as a digest; `null` for a source that cannot be read again. */
  content: string | null;
  /** What else decides over the outcome. */
  settings: string;
  /** Names of all databases that the run loads. */
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
}

/** What became of the records of one batch, kept until the run has ended. */
export interface RunBatchRow {
  firstNumber: number;
  /** With the numbers of the records, where they do not follow each other. */
  outcomes: string;
  /** Primary keys of the records that were accepted. */
  ids: string;
  /** The values of updated rows before the update. */
  before: string | null;
}

/** A rejected record, kept until the rejects file has been written. */
export interface RunRejectRow {
  number: number;
  line: number;
  record: string;
  errors: string;
}

export interface RunTables {
  readonly runs: EntitySchema<RunRow>;
  readonly batches: EntitySchema<RunBatchRow>;
  readonly rejects: EntitySchema<RunRejectRow>;
}

const made = new Map<string, RunTables>();

/** The tables of one database, such as `users_runs`, `users_run_batches` and `users_run_rejects`. */
export function runTables(database: string): RunTables {
  const set = migrationSet(database);
  let tables = made.get(set);
  if (tables === undefined) {
    tables = makeTables(set);
    made.set(set, tables);
  }
  return tables;
}

/** The declaration of a database that files are loaded into: it has these tables. */
export function withLoads(declaration: DatabaseDeclaration): DatabaseDeclaration {
  return { ...declaration, tables: [...(declaration.tables ?? []), ...Object.values(runTables(declaration.name))] };
}

const TEXT = { type: 'text' } as const;
const OPTIONAL_TEXT = { type: 'text', nullable: true } as const;
const WHOLE = { type: 'integer' } as const;

function makeTables(set: string): RunTables {
  const prefix = set.replaceAll('-', '_');
  const key = { type: 'integer', primary: true, autoincrement: false } as const;
  return {
    runs: new EntitySchema<RunRow>({
      name: `${prefix}_run`,
      tableName: `${prefix}_runs`,
      properties: {
        id: { ...TEXT, primary: true },
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
      name: `${prefix}_run_batch`,
      tableName: `${prefix}_run_batches`,
      properties: { firstNumber: key, outcomes: TEXT, ids: TEXT, before: OPTIONAL_TEXT },
    }),
    rejects: new EntitySchema<RunRejectRow>({
      name: `${prefix}_run_reject`,
      tableName: `${prefix}_run_rejects`,
      properties: { number: key, line: WHOLE, record: TEXT, errors: TEXT },
    }),
  };
}
