/** Marks statements that come again and again, so that an engine with a server can leave them prepared there. */

const kept = new WeakSet<readonly unknown[]>();

/** @param parameters of one that is about to run: the list itself is what carries the mark through Kysely */
export function keepStatement<Parameters extends readonly unknown[]>(parameters: Parameters): Parameters {
  kept.add(parameters);
  return parameters;
}

export function isKept(parameters: readonly unknown[]): boolean {
  return kept.has(parameters);
}
