/**
 * Carries the rows of a `copy … from stdin` to `pg-client.ts`. Kysely 0.29.6 passes nothing to the driver but the text of a statement and its
 * parameters, so the list of parameters, which is empty, carries them.
 */

/** Null where they have been taken. */
const copied = new WeakMap<readonly unknown[], readonly string[] | null>();

/** @param rows of each statement of the text, in its format @returns the parameters of statements that copy them */
export function copyingRows(rows: readonly string[]): readonly unknown[] {
  const parameters: readonly unknown[] = [];
  copied.set(parameters, rows);
  return parameters;
}

/**
 * Gives the rows once. The statement outlives small garbage collections while it waits for the server, and its rows, with all that they were
 * made of, would be moved to the old generation with it. Throws Error the second time: a `copy` without its rows waits for ever.
 */
export function takeCopiedRows(parameters: readonly unknown[]): readonly string[] | undefined {
  const rows = copied.get(parameters);
  if (rows === null) {
    throw new Error('a statement that copies rows was sent before, and its rows are gone');
  }
  if (rows !== undefined) {
    copied.set(parameters, null);
  }
  return rows;
}
