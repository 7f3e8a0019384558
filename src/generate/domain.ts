/** What a database has to bring to be generated, and what it is given to do so. */
import type { Mutation } from './mutation.ts';
import type { Placement } from './placement.ts';

/** What the generated databases have in common. */
export interface Setting {
  /** What chance hangs on beside the number of a record; a different one for each purpose. */
  keyFor(...purpose: readonly string[]): number;
  /** Which records of a database are broken, to refer to those that are not. */
  placementOf(database: string): Placement;
}

/** How the records of one database are made. */
export interface Domain {
  /** The properties of the entity, as the header of a file would name them. */
  readonly columns: readonly string[];
  /** Those of them that are numbers in JSON. */
  readonly numbers: readonly string[];
  /** The record with this number as it is when it is not broken, in the order of the columns. */
  readonly fields: (number: number) => string[];
  /** A mutation for every rule; at least one of them repeats nothing. */
  readonly mutations: readonly Mutation[];
}
