/** The first and the last line of some records of a source. */

/** The lines of a file that a record stands on. */
export type LineSpan = readonly [first: number, last: number];

export function spanOf(records: readonly { readonly line: number }[]): LineSpan {
  return [records[0]?.line ?? 0, records.at(-1)?.line ?? 0];
}

/** From the first line of one span to the last line of the other. */
export function spanning([first]: LineSpan, [, last]: LineSpan): LineSpan {
  return [first, last];
}

/** "line 5", "lines 2 to 9" */
export function spanText([first, last]: LineSpan): string {
  return first === last ? `line ${first}` : `lines ${first} to ${last}`;
}
