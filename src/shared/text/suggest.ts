/** Finds the name that a misspelt name was meant to be. */

/** The share of letters of a misspelt name that may be wrong. */
const SIMILAR_SHARE = 0.4;

/**
 * @returns the most similar name, if it is similar enough
 *
 * @internal exported for tests
 */
export function mostSimilar(name: string, names: readonly string[]): string | undefined {
  const most = Math.ceil(name.length * SIMILAR_SHARE);
  const [best] = names
    .map((one) => ({ one, distance: distanceBetween(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance);
  return best?.one;
}

/** `Did you mean rejects?`, or a list of the names. */
export function suggestion(name: string, names: readonly string[]): string {
  const similar = mostSimilar(name, names);
  return similar === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${similar}?`;
}

/** The edit distance: letters to insert, remove or replace. */
function distanceBetween(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const now = [row + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = (before[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      now.push(Math.min(replaced, (before[column + 1] ?? 0) + 1, (now[column] ?? 0) + 1));
    }
    before = now;
  }
  return before.at(-1) ?? 0;
}
