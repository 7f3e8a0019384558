/**
 * Marks statements that are run repeatedly, for `pg-client.ts` to prepare them once. Kysely 0.29.6 passes nothing to the driver but the text
 * of a statement and its parameters, so the list of parameters carries the mark.
 */

const kept = new WeakSet<readonly unknown[]>();

/** @param parameters of a statement that is about to run */
export function keepStatement<Parameters extends readonly unknown[]>(parameters: Parameters): Parameters {
  kept.add(parameters);
  return parameters;
}

export function isKept(parameters: readonly unknown[]): boolean {
  return kept.has(parameters);
}
