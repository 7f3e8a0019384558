/**
 * Marks repeated statements, so that `pg-client.ts` prepares them once. Kysely 0.29.6 gives the driver only the text and the parameters of
 * a statement, so the mark is attached to the list of parameters.
 */

const kept = new WeakSet<readonly unknown[]>();

/** @param parameters the parameters of a statement that is about to run */
export function keepStatement<Parameters extends readonly unknown[]>(parameters: Parameters): Parameters {
  kept.add(parameters);
  return parameters;
}

export function isKept(parameters: readonly unknown[]): boolean {
  return kept.has(parameters);
}
