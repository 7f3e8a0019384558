/** The sort order of reports. */

/** Sorts by revenue, in descending order. */
export function byRevenue(one: { readonly revenueCents: bigint }, other: { readonly revenueCents: bigint }): number {
  return one.revenueCents === other.revenueCents ? 0 : one.revenueCents > other.revenueCents ? -1 : 1;
}

type Key = string | number | null;

/** Compares numbers by value and texts by code units, independently of the locale; `null` is last. */
export function compareKeys(one: Key, other: Key): number {
  if (one === other) {
    return 0;
  }
  return one === null ? 1 : other === null || one < other ? -1 : 1;
}
