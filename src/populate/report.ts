/** What a populate reports. */
import type { Counts, Entry, Reason } from '../loads/ledger.ts';

/** `read` is always the sum of the four outcomes. */
export interface DatabaseReport extends Counts {
  readonly seconds: number;
  readonly reasons: readonly Reason[];
  /** Each record, unless there were more than a hundred. */
  readonly details: readonly Entry[] | undefined;
  readonly rejectsFile: string | undefined;
  /** Where the rejects of an earlier run are now, which were in that file. */
  readonly earlierRejectsFile: string | undefined;
  /** What stopped this load; what was committed before is in the counts. */
  readonly failure: Error | undefined;
  /** Whether its run is left open, for the same command to go on with. */
  readonly isUnfinished: boolean;
  /** Set if the database refused records that keep every rule of the entity. They are rejected. */
  readonly refused: Error | undefined;
}

export interface PopulateReport {
  /** In the order of the catalog; only those that were loaded. */
  readonly databases: Readonly<Record<string, DatabaseReport>>;
  readonly seconds: number;
  /** Whether the signal was aborted before all was done. */
  readonly interrupted: boolean;
}
