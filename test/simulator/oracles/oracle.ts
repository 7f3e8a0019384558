/** An oracle knows one thing that has to be true of the databases, and looks whether it is. */
import type { Views } from '../parts/views.ts';

/** What is violated, in a sentence. */
type Violation = string;

export interface Commit {
  /** The database that has changed. */
  readonly database: string;
  /** The process that has committed. */
  readonly process: string;
  /** The tables that its statements named, in lower case; nothing where that is not known. */
  readonly tables: ReadonlySet<string> | undefined;
  /** The row of `relay_state` of a region's database, which several oracles look at. */
  readonly relayState: () => RelayStateRow;
}

/** Looks at the database after each commit. It remembers what it has seen. */
export interface CommitOracle {
  readonly name: string;
  /** What it looks at: a commit that changed no other table is not checked. */
  readonly tables: readonly string[];
  /** @returns nothing when all is well */
  check(views: Views, commit: Commit): Violation | undefined;
  /** The database is an earlier state of itself from now on. */
  restored?(database: string): void;
}

/** Whether a commit can have changed anything that an oracle looks at. */
export function concerns({ tables }: Commit, { tables: watched }: CommitOracle): boolean {
  return tables === undefined || watched.some((table) => tables.has(table));
}

export interface RelayStateRow {
  readonly epoch: number;
  readonly next: number;
  readonly acked: number;
  readonly token: number;
}

export function relayState(views: Views, database: string): RelayStateRow {
  const row = views.row<RelayStateRow>(
    database,
    'select epoch, next_seq as next, acked_seq as acked, fence as token from relay_state',
  );
  if (row === undefined) {
    throw new Error(`${database} has no row in relay_state`);
  }
  return row;
}
