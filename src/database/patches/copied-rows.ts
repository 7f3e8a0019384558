/**
 * Carries the rows of a `copy … from stdin` to `pg-client.ts`. Kysely 0.29.6 passes nothing to the driver but the text of a statement and its
 * parameters, so the list of parameters, which is empty, carries them.
 */

const copied = new WeakMap<readonly unknown[], string>();

/** @returns the parameters of a statement that copies these rows, as text in the format of the statement */
export function copyingRows(rows: string): readonly unknown[] {
  const parameters: readonly unknown[] = [];
  copied.set(parameters, rows);
  return parameters;
}

/**
 * Gives the rows once. The statement outlives small garbage collections while it waits for the server, and its rows, with all that they were
 * made of, would be moved to the old generation with it.
 */
export function takeCopiedRows(parameters: readonly unknown[]): string | undefined {
  const rows = copied.get(parameters);
  copied.delete(parameters);
  return rows;
}
