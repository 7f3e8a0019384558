/** What an operator, or a disaster, does to databases, whatever they are stored in. */
import type { DatabaseOptions } from '../../../src/database/database.ts';

/** Everything that a database holds at one moment. */
export type DatabaseCopy = Buffer | string;

export interface Databases {
  readonly names: readonly string[];
  options(name: string): DatabaseOptions;
  backUp(name: string): Promise<DatabaseCopy>;
  /** Puts a copy in the place of the database, which no process uses. */
  restore(name: string, copy: DatabaseCopy): Promise<void>;
  /** Puts a copy in the place of the database under the processes that use it. @returns whether no transaction was in the way */
  failOver(name: string, copy: DatabaseCopy): Promise<boolean>;
  /**
   * Cuts the power of the machine that holds the databases.
   *
   * @param stop ends the processes that use them
   * @returns by database, what the next one to open it finds
   */
  cutPower(names: readonly string[], stop: () => void): Promise<ReadonlyMap<string, string>>;
  /** @returns whether the user was loaded now */
  loadMissingUser(): Promise<boolean>;
  /** Makes the database one that cannot be reached, or reached again. */
  setAway(name: string, isAway: boolean): Promise<void>;
  delete(): Promise<void>;
}
