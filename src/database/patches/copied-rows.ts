/**
 * Passes the rows of a `copy … from stdin` to `pg-client.ts`. Kysely 0.29.6 gives the driver only the text and the parameters of a
 * statement, so the rows are attached to the list of parameters, which is empty.
 */

/** Null after the rows were taken. */
const copied = new WeakMap<readonly unknown[], readonly string[] | null>();

/** @param rows the encoded rows of each statement in the text @returns the parameters for the statements that copy them */
export function copyingRows(rows: readonly string[]): readonly unknown[] {
  const parameters: readonly unknown[] = [];
  copied.set(parameters, rows);
  return parameters;
}

/**
 * Returns the rows once, and drops the reference to them. The statement survives minor garbage collections while it waits for the server,
 * and its rows, with everything they refer to, would move to the old generation with it. Throws Error on the second call, since a `copy`
 * without rows would wait forever.
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
