/** The messages between the thread of a load and the main thread of the populate. */
import type { DatabaseLocation } from '../../database/location.ts';
import { IdSet, type IdSetState } from '../../loads/id-set.ts';
import type { LedgerState } from '../../loads/ledger.ts';
import { asError } from '../../shared/async/settle.ts';
import type { Redirections } from '../../shared/bundled-packages.ts';
import { type ErrorCode, MeridianError } from '../../shared/errors.ts';
import type { Progress, SourceSpec } from '../read/source.ts';
import type { ColumnMap } from '../record/columns.ts';
import type { TableValueSettings } from '../record/value-settings.ts';
import type { OnConflict } from '../write/classify.ts';

/** The load of a thread. */
export interface ThreadJob {
  readonly database: string;
  /** The entity's name in its declaration. */
  readonly entity: string;
  /** The URL of the module that exports the declaration of the database. */
  readonly databaseModule: string;
  readonly location: DatabaseLocation;
  readonly migrationsDirectory: string | undefined;
  readonly source: SourceSpec;
  readonly columns: ColumnMap;
  readonly values: TableValueSettings;
  readonly onConflict: OnConflict;
  readonly deferrable: ReadonlySet<string>;
  readonly batchRecords: number;
  readonly transactionRecords: number;
}

/** The start data of a thread. */
export interface ThreadData {
  readonly job: ThreadJob;
  /** The bundled packages that the starting thread uses. */
  readonly redirections: Redirections | undefined;
}

/** Message to the thread: end after the current batch. */
export const STOP = 'stop';

export type ThreadMessage =
  | { readonly kind: 'started'; readonly progress: Progress }
  | { readonly kind: 'progressed'; readonly progress: Progress; readonly read: number; readonly rejected: number }
  /** Entries as JSON: millions of them are sent faster in this form, and create no garbage while they wait for the commit. */
  | { readonly kind: 'rejected'; readonly entries: string }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'warned'; readonly sentence: string }
  | {
      readonly kind: 'ended';
      readonly ledger: LedgerState;
      readonly accepted: IdSetState;
      readonly isExact: boolean;
      readonly references: ReadonlyMap<string, IdSetState>;
      readonly failure: Failure | undefined;
    };

/** An error as plain data, since threads do not share classes. */
export interface Failure {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export function failureOf(error: unknown): Failure {
  const { message, stack } = asError(error);
  return { code: error instanceof MeridianError ? error.code : undefined, message, stack };
}

export function errorOf({ code, message, stack }: Failure): Error {
  const error = code === undefined ? new Error(message) : new MeridianError(code, message);
  return stack === undefined ? error : Object.assign(error, { stack });
}

/** The buffers of sets, which a message transfers instead of copying. */
export function buffersOf(sets: readonly IdSetState[]): ArrayBuffer[] {
  return sets.flatMap(({ blocks, words }) => [blocks.buffer as ArrayBuffer, words.buffer as ArrayBuffer]);
}

export function setsOf(states: ReadonlyMap<string, IdSetState>): Map<string, IdSet> {
  return new Map([...states].map(([name, state]) => [name, IdSet.from(state)]));
}
