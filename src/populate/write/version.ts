/** The versions of rows of an entity with a version property: integers, incremented as MikroORM does. */

/** The version of a row that has never been updated. */
export const FIRST_VERSION = 1;

export function nextVersion(before: unknown): number {
  return Number(before) + 1;
}
