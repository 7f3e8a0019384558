/** The report of a populate. */
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
  /** The error that stopped this load; the counts include what was committed before. */
  readonly failure: Error | undefined;
  /** Whether its run is open: the same command continues it. */
  readonly isUnfinished: boolean;
  /** For a source with several files: the one with the most rejects. */
  readonly mostRejects?: { readonly file: string; readonly rejected: number };
  /** Set if there are records beyond the sample that was read. */
  readonly isCut?: true;
  /** Sampled tables -> number of keys that were not found in the sample, and may exist beyond it. */
  readonly unchecked?: Readonly<Record<string, number>>;
  /** Settings that were detected in its source and are not the defaults. */
  readonly detected?: readonly Detected[];
  /** Set if the database refused records that satisfy all rules of the entity. They are rejected. */
  readonly refused: Error | undefined;
}

export interface PopulateReport {
  /** The loaded tables in catalog order. */
  readonly databases: Readonly<Record<string, DatabaseReport>>;
  readonly seconds: number;
  /** Table -> files that were skipped, because a run has loaded them already. */
  readonly skipped?: Readonly<Record<string, readonly SkippedFile[]>>;
  /** The number of records that were read from the beginning of each file, if it was limited. */
  readonly sample?: number;
  /** Why nothing was kept; set for an all-or-nothing run that was reverted. The counts are those before the revert. */
  readonly reverted?: MeridianError;
  /** Set if more records were rejected than allowed, so that the run was stopped. */
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
