/** An oracle knows one thing that has to be true of the databases, and looks whether it is. */
import type { Views } from '../parts/views.ts';

/** What is violated, in a sentence. */
type Violation = string;

export interface Commit {
  /** The database that has changed. */
  readonly database: string;
  /** The process that has committed. */
  readonly process: string;
}

/** Looks at the database after each commit. It remembers what it has seen. */
export interface CommitOracle {
  readonly name: string;
  /** @returns nothing when all is well */
  check(views: Views, commit: Commit): Violation | undefined;
  /** The database is an earlier state of itself from now on. */
  restored?(database: string): void;
}

/** Whether a process only ships events, and changes no order and no stock. */
export function isRelay({ process }: Commit): boolean {
  return process.startsWith('relay ');
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
