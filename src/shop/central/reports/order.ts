/** In which order reports list their rows. */

/** The greatest revenue first. */
export function byRevenue(one: { readonly revenueCents: bigint }, other: { readonly revenueCents: bigint }): number {
  return one.revenueCents === other.revenueCents ? 0 : one.revenueCents > other.revenueCents ? -1 : 1;
}

type Key = string | number | null;

/** Numbers by size, texts by their characters whatever the language, and what is not known last. */
export function compareKeys(one: Key, other: Key): number {
  if (one === other) {
    return 0;
  }
  return one === null ? 1 : other === null || one < other ? -1 : 1;
}
