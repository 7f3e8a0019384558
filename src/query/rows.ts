/** The result of a query. */
export interface QueryRows {
  /** Column names, which are distinct. */
  readonly columns: readonly string[];
  /** The rows in order, in batches, so that memory does not grow with their number. */
  readonly batches: AsyncIterable<readonly QueryRow[]>;
}

/** Text, numbers, booleans and null. Blobs (base64), and integers that a JavaScript number cannot represent, are text; JSON is parsed. */
export type QueryRow = readonly unknown[];

/** Number of rows to read at a time. */
export const BATCH_ROWS = 1000;

/** Makes column names distinct: in `id, id`, the second becomes `id:1`, as SQLite names the columns of a subquery. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let number = 1; taken.has(distinct); number++) {
      distinct = `${name}:${number}`;
    }
    taken.add(distinct);
    return distinct;
  });
}

/** An integer as a number if JavaScript can represent it, else as its digits. */
export function wholeNumberOf(digits: bigint | string): number | string {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : String(digits);
}
