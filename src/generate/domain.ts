/** The interface between the generator and the domain of a database. */
import type { Mutation } from './mutation.ts';
import type { Placement } from './placement.ts';

/** Shared by the domains of all generated databases. */
export interface Setting {
  /** The key for random numbers; different for each purpose. */
  keyFor(...purpose: readonly string[]): number;
  /** The placement of broken records in a database, for references to sound records. */
  placementOf(database: string): Placement;
}

/** Generates the records of one database. */
export interface Domain {
  /** The properties of the entity, as in the header of a file. */
  readonly columns: readonly string[];
  /** The columns that are numbers in JSON. */
  readonly numbers: readonly string[];
  /** The fields of the sound record with this number, in the order of the columns. */
  readonly fields: (number: number) => string[];
  /** A mutation for every rule. At least one of them must not repeat an earlier record. */
  readonly mutations: readonly Mutation[];
}
