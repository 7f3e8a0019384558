/** Describes a cycle of products that contain each other. */

/** In longer cycles, the middle is omitted. */
const MAX_SHOWN = 20;

/** "5 -> 12 -> 5" */
export function tellCycle(path: readonly number[]): string {
  const shown =
    path.length <= MAX_SHOWN
      ? path
      : [...path.slice(0, MAX_SHOWN / 2), `… ${path.length - MAX_SHOWN} more …`, ...path.slice(-MAX_SHOWN / 2)];
  return shown.join(' -> ');
}
