/** Formats numbers and counts for people. */

/** "1 record", "2,000 records" */
export function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number with thousands separators: `28,750`. */
export function formatNumber(value: number | bigint): string {
  return typeof value === 'bigint' || Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
}
