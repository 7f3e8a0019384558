/** What the harness has to know of a tool that loads the three files. */
import type { Step } from './process.ts';

/** What a run gets: all of it was made before, and none of the making is timed. */
export interface Run {
  /** A fresh, empty folder; the processes are started in it. */
  readonly folder: string;
  /** database -> path of its CSV file. */
  readonly files: Readonly<Record<string, string>>;
  /** database -> path of the SQL that makes its table and indexes. */
  readonly schemas: Readonly<Record<string, string>>;
}

export interface Contestant {
  readonly name: string;
  /** For the report. */
  readonly title: string;
  /** Whether it applies the rules to every record. */
  readonly validates: boolean;
  /** Whether it is one of the ORMs that Meridian is compared with. */
  readonly isOrm: boolean;
  /** Set for one that is only shown beside the others and takes minutes: it runs in the first counted round alone. */
  readonly runsOnce?: boolean;
  /** Why it cannot run here; undefined when it can. */
  unavailable(): string | undefined;
  /** Not timed. */
  prepare?(run: Run): Promise<void>;
  /** Timed: processes that are started one after the other, each when the one before it has ended. */
  steps(run: Run): readonly Step[];
  /** Not timed: database -> number of rows that are in its table. */
  count(run: Run): Promise<Readonly<Record<string, number>>>;
  /** Not timed. */
  cleanUp?(run: Run): Promise<void>;
}
