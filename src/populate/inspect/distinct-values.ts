/** Counts distinct values in bounded memory: exactly up to a limit, and beyond it only that there are more. */
import { createHash } from 'node:crypto';

/** Maximum number of counted values of a column. @internal exported for tests */
export const MAX_DISTINCT = 10_000;

/** Maximum for all columns of a file together. */
const MAX_IN_FILE = 1_000_000;

/** Longer values are represented by digests. */
const MAX_CHARACTERS = 64;

/** The number of values that all columns of a file together may still store. */
export class DistinctBudget {
  left = MAX_IN_FILE;
}

export class DistinctValues {
  readonly #budget: DistinctBudget;
  #counts: Map<string, number> | undefined = new Map();
  #known = 0;

  constructor(budget: DistinctBudget) {
    this.#budget = budget;
  }

  add(text: string): void {
    const counts = this.#counts;
    if (counts === undefined) {
      return;
    }
    const key = text.length > MAX_CHARACTERS ? digestOf(text) : text;
    const before = counts.get(key);
    if (before !== undefined) {
      counts.set(key, before + 1);
    } else if (counts.size === MAX_DISTINCT || this.#budget.left === 0) {
      this.#budget.left += counts.size;
      this.#counts = undefined;
    } else {
      counts.set(key, 1);
      this.#known = counts.size;
      this.#budget.left--;
    }
  }

  /** The number of distinct values; with `isMore`, there is at least one more. */
  get count(): { readonly count: number; readonly isMore: boolean } {
    return { count: this.#known, isMore: this.#counts === undefined };
  }

  /** The most frequent values that are short; ties in order of appearance. */
  mostFrequent(limit: number): readonly { readonly value: string; readonly count: number }[] {
    const found: { value: string; count: number }[] = [];
    for (const [value, count] of this.#counts ?? []) {
      const last = found.at(-1);
      if (!value.startsWith(DIGEST) && (found.length < limit || (last !== undefined && count > last.count))) {
        const at = found.findIndex((one) => one.count < count);
        found.splice(at === -1 ? found.length : at, 0, { value, count });
        found.length = Math.min(found.length, limit);
      }
    }
    return found;
  }
}

/** No text of a file starts like this and has this length. */
const DIGEST = '\0sha256 ';

function digestOf(text: string): string {
  return `${DIGEST}${createHash('sha256').update(text).digest('base64')}`;
}
