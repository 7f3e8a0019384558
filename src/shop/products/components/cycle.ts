/** How products that contain each other in a circle are told. */

/** Longer ones are told by their ends. */
const MAX_TOLD = 20;

/** "5 -> 12 -> 5" */
export function tellCycle(path: readonly number[]): string {
  const told =
    path.length <= MAX_TOLD
      ? path
      : [...path.slice(0, MAX_TOLD / 2), `… ${path.length - MAX_TOLD} more …`, ...path.slice(-MAX_TOLD / 2)];
  return told.join(' -> ');
}
