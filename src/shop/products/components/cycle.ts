/** How products that contain each other in a circle are told. */

/** Longer ones are told by their ends. */
const MAX_SHOWN = 20;

/** "5 -> 12 -> 5" */
export function tellCycle(path: readonly number[]): string {
  const told =
    path.length <= MAX_SHOWN
      ? path
      : [...path.slice(0, MAX_SHOWN / 2), `… ${path.length - MAX_SHOWN} more …`, ...path.slice(-MAX_SHOWN / 2)];
  return told.join(' -> ');
}
