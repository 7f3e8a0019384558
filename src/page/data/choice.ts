/** The rows of a list that are chosen, to do the same with all of them. */

/** The text of a key -> its parts. */
export type Choice = ReadonlyMap<string, readonly string[]>;

export const NOTHING_CHOSEN: Choice = new Map();

/** Each of them is read and written by requests of its own. */
export const MAX_CHOSEN = 100;

export function isChosen(choice: Choice, key: readonly string[]): boolean {
  return choice.has(textOf(key));
}

export function turned(choice: Choice, key: readonly string[]): Choice {
  const next = new Map(choice);
  if (!next.delete(textOf(key)) && next.size < MAX_CHOSEN) {
    next.set(textOf(key), key);
  }
  return next;
}

/** The first of the keys, or none where those are chosen. */
export function turnedAll(choice: Choice, keys: readonly (readonly string[])[]): Choice {
  const first = keys.slice(0, MAX_CHOSEN);
  return choice.size === first.length ? NOTHING_CHOSEN : new Map(first.map((key) => [textOf(key), key]));
}

function textOf(key: readonly string[]): string {
  return key.map(encodeURIComponent).join('/');
}
