/** The chosen rows of a list, for bulk actions. */

/** Key as text -> parts of the key. */
export type Choice = ReadonlyMap<string, readonly string[]>;

export const NOTHING_CHOSEN: Choice = new Map();

/** The maximum number of chosen rows, since each is read and written by separate requests. */
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

/** Toggles the choice of all rows: chooses the first keys up to the maximum, or none if these are chosen. */
export function turnedAll(choice: Choice, keys: readonly (readonly string[])[]): Choice {
  const first = keys.slice(0, MAX_CHOSEN);
  return choice.size === first.length ? NOTHING_CHOSEN : new Map(first.map((key) => [textOf(key), key]));
}

function textOf(key: readonly string[]): string {
  return key.map(encodeURIComponent).join('/');
}
