/** What a query returns. */
export interface QueryRows {
  /** The names of the columns; none comes twice. */
  readonly columns: readonly string[];
  /** The rows in their order, some at a time, so that any number of them takes little memory. */
  readonly batches: AsyncIterable<readonly QueryRow[]>;
}

/** Text, numbers, booleans and null; whole numbers beyond JavaScript's and blobs (base64) as text; JSON as what it holds. */
export type QueryRow = readonly unknown[];

/** Rows that are read at a time. */
export const BATCH_ROWS = 1000;

/** Gives each column a name of its own: of `id, id`, the second is `id:1`, as SQLite names the columns of a subquery. */
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

/** A whole number as a number where JavaScript has it, else as its digits. */
export function wholeNumberOf(digits: bigint | string): number | string {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : String(digits);
}
