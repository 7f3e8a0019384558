/** The versions that rows of an entity with a version have: whole numbers, as MikroORM itself counts. */

/** Of a row that has never been updated. */
export const FIRST_VERSION = 1;

export function nextVersion(before: unknown): number {
  return Number(before) + 1;
}
