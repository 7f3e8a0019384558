/** What a populate reports. */
import type { Counts, Entry, Reason } from '../loads/ledger.ts';
import type { MeridianError } from '../shared/errors.ts';
import type { SkippedFile } from './only-new.ts';
import type { Detected } from './read/source.ts';
import type { ExceededLimit } from './rejects/limit-report.ts';

/** `read` is always the sum of the four outcomes. */
export interface DatabaseReport extends Counts {
  readonly seconds: number;
  readonly reasons: readonly Reason[];
  /** Each record, unless there were more than a hundred. */
  readonly details: readonly Entry[] | undefined;
  readonly rejectsFile: string | undefined;
  /** The file to which the rejects of an earlier run were moved. */
  readonly earlierRejectsFile: string | undefined;
  /** What stopped this load; the counts include what was committed before. */
  readonly failure: Error | undefined;
  /** Whether its run is open: the same command continues it. */
  readonly isUnfinished: boolean;
  /** Of a source with several files: the one with the most rejects. */
  readonly mostRejects?: { readonly file: string; readonly rejected: number };
  /** Set when there are records beyond the sample that was read. */
  readonly isCut?: true;
  /** Tables of which only a sample was read -> how many keys of records were not found there, and may be beyond the sample. */
  readonly unchecked?: Readonly<Record<string, number>>;
  /** What its source was read with that no setting gives, where that is not the usual. */
  readonly detected?: readonly Detected[];
  /** Set when the database refused records that satisfy all rules of the entity. They are rejected. */
  readonly refused: Error | undefined;
}

export interface PopulateReport {
  /** In the order of the catalog; only those that were loaded. */
  readonly databases: Readonly<Record<string, DatabaseReport>>;
  readonly seconds: number;
  /** Table -> its files that were not loaded, because a run has loaded them already. */
  readonly skipped?: Readonly<Record<string, readonly SkippedFile[]>>;
  /** How many records from the beginning of each file were read, when not all were. */
  readonly sample?: number;
  /** Set when nothing was kept, because the run loads everything or nothing: why. The counts are those before its rows were reverted. */
  readonly reverted?: MeridianError;
  /** Set when more records were rejected than allowed, so that the run was stopped. */
  readonly exceeded?: ExceededLimit;
  /** Whether the signal was aborted before the end. */
  readonly interrupted: boolean;
}

/** @param isStrict whether a rejected record is a failure */
export function isSuccess({ databases, interrupted, exceeded, reverted }: PopulateReport, isStrict: boolean): boolean {
  const isFailed = ({ failure, refused, rejected }: DatabaseReport) =>
    failure !== undefined || refused !== undefined || (isStrict && rejected > 0);
  return !interrupted && exceeded === undefined && reverted === undefined && !Object.values(databases).some(isFailed);
}
